package bind

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/gqlerrors"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/kinds"
	"github.com/graphql-go/graphql/language/visitor"

	"suyuan/services/graph/guard"
	"suyuan/services/ledger"
)

// query is a validated document with the operation to run. It is shared
// between requests and never changed, but for the plans it gathers.
type query struct {
	serial      uint64 // tells it apart from every other
	key         key    // of the cache, empty for a document of ours
	doc         *ast.Document
	operation   *ast.OperationDefinition
	variables   []variable
	used        guard.Limits
	introspects bool
	plans       plans
}

func (b *Bound) validate(text, operation string, limits guard.Limits) (*query, []gqlerrors.FormattedError, error) {
	doc, used, err := guard.Parse(text, limits)
	if err != nil {
		return nil, nil, err
	}
	q := &query{serial: b.serials.Add(1), doc: doc, used: used, introspects: introspects(doc), plans: plans{switches: switches(doc)}}
	if q.operation, err = pick(doc, operation); err != nil {
		return nil, nil, err
	}
	errs, err := b.valid(doc)
	if len(errs) == 0 && err == nil {
		q.variables = b.declared(q.operation)
	}
	return q, errs, err
}

// valid runs the library's rules, the quadratic one only on what passes all
// others.
func (b *Bound) valid(doc *ast.Document) (errs []gqlerrors.FormattedError, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case enough:
			errs = r
		default:
			err = fmt.Errorf("validate: panic: %v", r)
		}
	}()
	for _, rules := range passes {
		if found := graphql.ValidateDocument(&b.schema, doc, rules); !found.IsValid {
			return found.Errors, nil
		}
	}
	return nil, nil
}

var passes = [][]graphql.ValidationRuleFn{cheap(), {graphql.OverlappingFieldsCanBeMergedRule}}

func cheap() []graphql.ValidationRuleFn {
	replaced := map[uintptr]bool{}
	for _, rule := range []graphql.ValidationRuleFn{graphql.OverlappingFieldsCanBeMergedRule, graphql.PossibleFragmentSpreadsRule} {
		replaced[reflect.ValueOf(rule).Pointer()] = true
	}
	rules := []graphql.ValidationRuleFn{stopEarly, fragmentsFit}
	for _, rule := range graphql.SpecifiedRules {
		if !replaced[reflect.ValueOf(rule).Pointer()] {
			rules = append(rules, rule)
		}
	}
	return rules
}

// fragmentsFit is the library's rule but for the inline fragment that names no
// type: within a list or a field that is never null the library refuses it.
func fragmentsFit(c *graphql.ValidationContext) *graphql.ValidationRuleInstance {
	rule := graphql.PossibleFragmentSpreadsRule(c)
	named := rule.VisitorOpts.KindFuncMap[kinds.InlineFragment]
	judge := named.Kind
	named.Kind = func(p visitor.VisitFuncParams) (string, any) {
		if f, ok := p.Node.(*ast.InlineFragment); ok && f.TypeCondition == nil {
			return visitor.ActionNoChange, nil
		}
		return judge(p)
	}
	rule.VisitorOpts.KindFuncMap[kinds.InlineFragment] = named
	return rule
}

// enough are the errors found when stopEarly gave up.
type enough []gqlerrors.FormattedError

// stopEarly is a rule that ends the walk once there are more errors than
// anybody reads: each costs the library a walk over the whole text, and it
// has no other way to be stopped.
func stopEarly(c *graphql.ValidationContext) *graphql.ValidationRuleInstance {
	return &graphql.ValidationRuleInstance{VisitorOpts: &visitor.VisitorOptions{
		Enter: func(visitor.VisitFuncParams) (string, any) {
			if errs := c.Errors(); len(errs) > most {
				panic(enough(errs))
			}
			return visitor.ActionNoChange, nil
		},
	}}
}

// invalid tells what the library found wrong. Its guesses at what was meant
// would spell out the schema, so only staff get them.
func invalid(found []gqlerrors.FormattedError, viewer Viewer) []Error {
	var errs []Error
	for _, f := range found[:min(len(found), most)] {
		message := f.Message
		if !viewer.Staff() {
			message, _, _ = strings.Cut(message, " Did you mean")
		}
		text := ledger.Text{Zh: "查询与接口定义不符：" + message, En: "The query does not fit the schema: " + message}
		e := Error{Message: text.In(viewer.Lang()), Extensions: Extensions{Code: ledger.Invalid, Rule: "query.invalid"}}
		for _, l := range f.Locations {
			e.Locations = append(e.Locations, Location(l))
		}
		errs = append(errs, e)
	}
	return errs
}

func pick(doc *ast.Document, name string) (*ast.OperationDefinition, error) {
	var found []*ast.OperationDefinition
	for _, def := range doc.Definitions {
		if op, ok := def.(*ast.OperationDefinition); ok && (name == "" || op.Name != nil && op.Name.Value == name) {
			found = append(found, op)
		}
	}
	if len(found) != 1 {
		return nil, ledger.Errorf(ledger.Invalid, "query.operation", "请用 operationName 指明要执行的一个查询。", "Say with operationName which one of the queries to run.")
	}
	return found[0], nil
}

// introspects walks the document, whose depth the guard has bounded.
func introspects(doc *ast.Document) bool {
	for _, def := range doc.Definitions {
		if d, ok := def.(interface{ GetSelectionSet() *ast.SelectionSet }); ok && setIntrospects(d.GetSelectionSet()) {
			return true
		}
	}
	return false
}

func setIntrospects(set *ast.SelectionSet) bool {
	if set == nil {
		return false
	}
	for _, sel := range set.Selections {
		if f, ok := sel.(*ast.Field); ok && (f.Name.Value == "__schema" || f.Name.Value == "__type") {
			return true
		}
		if setIntrospects(sel.GetSelectionSet()) {
			return true
		}
	}
	return false
}

// CheckDocument checks a document of ours against the schema, as the public
// would send it: what a page shows, anybody can query.
func (b *Bound) CheckDocument(name, text string) error { return b.checkDocument(name, text, b.public) }

// CheckStaffDocument is CheckDocument for a page that only staff see.
func (b *Bound) CheckStaffDocument(name, text string) error {
	return b.checkDocument(name, text, b.staff)
}

func (b *Bound) checkDocument(name, text string, limits guard.Limits) error {
	doc, _, err := guard.Parse(text, limits)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	found, err := b.valid(doc)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var all []error
	for _, f := range found {
		place := name
		if len(f.Locations) > 0 {
			place = fmt.Sprintf("%s:%d:%d", name, f.Locations[0].Line, f.Locations[0].Column)
		}
		all = append(all, fmt.Errorf("%s: %s", place, f.Message))
	}
	return errors.Join(all...)
}
