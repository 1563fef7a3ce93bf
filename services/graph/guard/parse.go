package guard

import (
	"errors"
	"fmt"
	"strings"

	"github.com/graphql-go/graphql/gqlerrors"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"
	"github.com/graphql-go/graphql/language/source"
)

// Parse reads a query that may be validated without danger: small, without
// circles, a read. It returns what was measured, also beside an error, which
// is always a *ledger.Error with the code invalid.
func Parse(text string, l Limits) (*ast.Document, Limits, error) {
	clean, used, err := Scan(text, l)
	if err != nil {
		return nil, used, err
	}
	doc, err := read(clean)
	if err != nil {
		return nil, used, err
	}
	if err := onlyQueries(doc); err != nil {
		return nil, used, err
	}
	if err := expand(doc, &used, l); err != nil {
		return nil, used, err
	}
	return doc, used, nil
}

// read calls the library's parser. It is recursive, which the scan has made
// harmless, and sloppy: what makes it panic is not a query either.
func read(text string) (doc *ast.Document, err error) {
	defer func() {
		if r := recover(); r != nil {
			doc, err = nil, refuse("query.syntax", "查询读不懂。", "The query cannot be read.").Because(fmt.Errorf("parse: %v", r))
		}
	}()
	doc, err = parser.Parse(parser.ParseParams{Source: source.NewSource(&source.Source{Body: []byte(text), Name: "query"})})
	if err == nil {
		return doc, nil
	}
	var at *gqlerrors.Error
	if !errors.As(err, &at) || len(at.Locations) == 0 {
		return nil, refuse("query.syntax", "查询读不懂。", "The query cannot be read.").Because(err)
	}
	first, _, _ := strings.Cut(at.Message, "\n")
	_, what, _ := strings.Cut(first, ") ") // Syntax Error query (1:2) Unexpected …
	what = strings.TrimSuffix(what, ".")
	return nil, syntax(at.Locations[0].Line, at.Locations[0].Column, what, what)
}

// onlyQueries refuses what this endpoint never runs: writes, subscriptions
// and definitions of types; and variables whose type the parser let pass
// half-read, which would crash the validator.
func onlyQueries(doc *ast.Document) error {
	operations := 0
	for _, def := range doc.Definitions {
		switch def := def.(type) {
		case *ast.OperationDefinition:
			operations++
			if def.Operation != ast.OperationTypeQuery {
				return refuse("query.read_only", "此接口只读；写入请用 /api/commands。", "This endpoint only reads; to write, use /api/commands.")
			}
			for _, v := range def.VariableDefinitions {
				if !whole(v.Type) {
					return refuse("query.syntax", "变量 $%s 的类型读不懂。", "The type of the variable $%s cannot be read.", v.Variable.Name.Value)
				}
			}
		case *ast.FragmentDefinition:
		default:
			return refuse("query.syntax", "查询中只能有 query 和 fragment。", "A query holds nothing but query and fragment definitions.")
		}
	}
	if operations == 0 {
		return refuse("query.syntax", "没有查询内容。", "There is no query in the text.")
	}
	return nil
}

func whole(t ast.Type) bool {
	switch t := t.(type) {
	case *ast.Named:
		return t != nil && t.Name != nil
	case *ast.List:
		return t != nil && whole(t.Type)
	case *ast.NonNull:
		_, twice := t.Type.(*ast.NonNull)
		return !twice && whole(t.Type)
	}
	return false
}
