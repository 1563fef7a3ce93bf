package blob

import "suyuan/services/ledger"

func errMissing(id string) error {
	return ledger.Errorf(ledger.NotFound, "blob.missing",
		"没有编号为 %.40s 的文件；若刚从备份恢复，请连同文件库一并恢复。",
		"There is no file %.40s; if a backup was just restored, restore the files as well.", id)
}

func errDestroyed(id string) error {
	return ledger.Errorf(ledger.NotFound, "blob.destroyed",
		"文件 %.40s 已按规定销毁，内容无法恢复；账本中的记录仍然完整。",
		"The file %.40s has been destroyed as the rules demand and cannot be recovered; the record in the ledger is whole.", id)
}

func errTooLarge(size, most int) error {
	return ledger.Errorf(ledger.Invalid, "blob.too_large",
		"文件有 %d 字节，超过上限 %d 字节；请压缩或拆分后再传。",
		"The file has %d bytes, more than the %d allowed; compress it or send it in parts.", size, most)
}

func errDamaged(id string, cause error) error {
	return ledger.Errorf(ledger.Internal, "blob.damaged",
		"文件 %.40s 与登记时不一致，不能使用；请通知管理员从备份恢复。",
		"The file %.40s is not what was recorded and cannot be used; ask the administrator to restore it from a backup.", id).Because(cause)
}

func errRemains(id string, cause error) error {
	return ledger.Errorf(ledger.Unavailable, "blob.remains",
		"文件 %.40s 的密钥已删除，但磁盘上可能还有残留：另一个程序正在读取密钥库。请停掉它后再销毁一次。",
		"The key of the file %.40s is deleted, but a trace may be left on disk because another program is reading the keys. Stop it and destroy the file again.", id).Because(cause)
}
