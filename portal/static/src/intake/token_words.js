// What the refusals of token.js say, in Chinese and English; the same as those of services/intake/token. %d is the group.
export const tokenWords = {
  "token.card_unknown": [
    "没有这张卡，或者它所在的一批已经作废；请核对数字，或者改走不带凭证的通道。",
    "There is no such card, or its batch was revoked. Compare the digits, or report without it.",
  ],
  "token.code_card": [
    "这是密封卡上的卡号，不用兑换；上报时直接填写它。",
    "This is the code of a sealed card. There is nothing to exchange: enter it when you report.",
  ],
  "token.code_enrolment": [
    "这是领取凭证用的登记码，是发给您个人的，千万不要在这里填写；请先到发放页面换成凭证。",
    "This is an enrolment code. It was given to you in person and must never be entered here: exchange it for tokens on the issuer's page first.",
  ],
  "token.code_group": [
    "第 %d 组有误：可能打错了一个数字，或者两个数字换了位置；请对照着重打这一组。",
    "Group %d is wrong: a digit is mistyped, or two have changed places. Compare it and type that group again.",
  ],
  "token.code_length": [
    "数字的个数不对：应有 48 个，每 6 个一组，共 8 组；请逐组核对。",
    "The number of digits is wrong: there are 48, eight groups of six. Compare group by group.",
  ],
  "token.code_missing": [
    "请输入 48 个数字，每 6 个一组，共 8 组。",
    "Enter the 48 digits, eight groups of six.",
  ],
  "token.code_sign": [
    "只能有数字；请把夹在中间的其他字符去掉。",
    "There can only be digits; take out whatever else stands between them.",
  ],
  "token.key": [
    "这不是合用的签发密钥：须为 2048 位 RSA，指数 65537，按 RFC 9578 编码，编号与内容相符。",
    "This is no issuer key: it must be RSA with 2048 bits, exponent 65537, encoded as RFC 9578 says, under the id that belongs to it.",
  ],
  "token.many": [
    "一次只能用一个凭证：几个凭证放在一起，会让人看出它们出自同一个人；请只留下其中一个。",
    "Use one token at a time: several together show that they belong to one person. Leave only one of them.",
  ],
  "token.missing": [
    "请粘贴一个凭证，或者改走不带凭证的通道。",
    "Paste a token, or report without one.",
  ],
  "token.proof": [
    "这既不是凭证，也不是卡号；请重新粘贴或输入。",
    "This is neither a token nor the code of a card; paste or type it again.",
  ],
  "token.shape": [
    "这不是一个完整的凭证：可能少复制了几行，或者多了别的字；请把一个凭证的八行完整复制过来，不要带其他内容。",
    "This is not a whole token: lines may be missing, or other text came along. Copy the eight lines of one token and nothing else.",
  ],
  "token.signature": [
    "这个凭证的签名不对：可能有一个字符抄错了。请重新完整复制一次。",
    "The signature of this token does not fit: a letter may have changed. Copy the whole of it again.",
  ],
  "token.too_many_keys": [
    "一个县一个季度最多八把签发密钥，每个序号一把；多出来的密钥可以用来给人做记号，所以这一季度的都不采用。",
    "A county has at most eight issuer keys in a quarter, one of each number. More could be used to mark people, so none of that quarter's is taken.",
  ],
  "token.too_much_text": [
    "粘贴的内容太长；请只粘贴一个凭证或一张卡上的数字。",
    "The text pasted is too long; paste one token or the digits of one card.",
  ],
  "token.unlisted": [
    "这个凭证所用的密钥不在账本上，不能采用；它可能是用来给人做记号的。您可以改走不带凭证的通道。",
    "The key of this token is not on the ledger, so it is not taken: such a key may be there to mark somebody. You can report without a token.",
  ],
};

// tokenSays is what a refusal says in a language, "zh-CN" or "en".
export function tokenSays(error, lang) {
  const words = tokenWords[error.rule];
  return words ? words[lang.startsWith("zh") ? 0 : 1].replace("%d", error.group) : String(error);
}
