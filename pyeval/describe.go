package pyeval

// Describe says what the value is.
func (None) Describe() string              { return "None" }
func (Bool) Describe() string              { return "a bool" }
func (Int) Describe() string               { return "an int" }
func (Float) Describe() string             { return "a float" }
func (Str) Describe() string               { return "a str" }
func (Bytes) Describe() string             { return "bytes" }
func (Ellipsis) Describe() string          { return "..." }
func (*Unknown) Describe() string          { return "something unknown" }
func (*Uncertain) Describe() string        { return "one of several" }
func (*List) Describe() string             { return "a list" }
func (*Tuple) Describe() string            { return "a tuple" }
func (*Set) Describe() string              { return "a set" }
func (*Dict) Describe() string             { return "a dict" }
func (n *Native) Describe() string         { return n.Name }
func (m *ModuleRef) Describe() string      { return "the module " + m.Name }
func (i *Import) Describe() string         { return "the import of " + i.Module }
func (c *Class) Describe() string          { return "the class " + c.Name }
func (fn *Function) Describe() string      { return "the function " + fn.Name }
func (p *Partial) Describe() string        { return "a partial of " + p.Func.Describe() }
func (i *Instance) Describe() string       { return "an object of " + i.Class.Describe() }
func (a *Alias) Describe() string          { return "a type of " + a.Origin.Describe() }
func (*Union) Describe() string            { return "a union" }
func (n *NewType) Describe() string        { return "the type " + n.Name }
func (v *TypeVar) Describe() string        { return "the type variable " + v.Name }
func (a *TypeAliasValue) Describe() string { return "the type " + a.Name }
func (r *ForwardRef) Describe() string     { return "the type " + r.Text }
func (n *NamedTuple) Describe() string     { return "the class " + n.Name }
func (m *EnumMember) Describe() string     { return m.Class.Name + "." + m.Name }
