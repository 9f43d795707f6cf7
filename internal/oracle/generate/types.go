package generate

import (
	"fmt"
	"strings"
)

// typ is a type: how it is annotated in a module, and a value of it there. A
// type without values has no value function.
type typ struct {
	spell func(m *module) string
	value func(m *module) string
	// exclusive types can be told apart by their values, so they may stand
	// beside each other in a union.
	exclusive bool
	// unhashable types can't be in a union: typing makes a set of them.
	unhashable bool
}

func plainType(text string, values ...string) typ {
	return typ{
		spell:     func(*module) string { return text },
		value:     func(m *module) string { return one(m.g, values...) },
		exclusive: true,
	}
}

// named is a type of an installed module, with values whose `@` stands for the
// type.
func named(from, name string, values ...string) typ {
	t := typ{spell: func(m *module) string { return m.use(from, name) }}
	if len(values) > 0 {
		t.value = func(m *module) string {
			return strings.ReplaceAll(one(m.g, values...), "@", m.use(from, name))
		}
	}
	return t
}

func (g *generator) primitive() typ {
	return one(g,
		plainType("int", "3", "-1", "0", "1_000", "2 ** 8", "0x1F", "len('abc')", "int('7')"),
		plainType("float", "0.5", "1e-3", "-2.25", ".5", "10.0 / 4", "float('1.5')"),
		plainType("bool", "True", "False", "not True"),
		plainType("str", `"x"`, `'it''s'`, `"a" "b"`, `"""long"""`, `r"\d"`, `"ü\n"`, `f"{1 + 1}-{'a'}"`, `"a" * 3`, `"-".join(["a", "b"])`,
			`"A".lower()`, `""`),
	)
}

func (g *generator) scalar() typ {
	return one(g,
		g.primitive(), g.primitive(), g.primitive(),
		plainType("bytes", `b"ab"`),
		named("datetime", "datetime", "@(2024, 1, 2)", "@(2024, 1, 2, 3, 4, 5, 600)", "@(2000, 12, 31, hour=1)"),
		named("datetime", "date", "@(2024, 1, 2)"),
		named("datetime", "timedelta", "@(days=1)", "@(hours=1.5, minutes=2)", "@(seconds=1, milliseconds=5)"),
	)
}

// blob is a type whose data lies in files.
func (g *generator) blob() typ {
	file := func(format string) typ {
		return typ{
			spell: func(m *module) string { return m.use("flytekit.types.file", "FlyteFile") + format },
			value: func(m *module) string {
				return m.use("flytekit.types.file", "FlyteFile") + `("s3://bucket/a.csv")`
			},
		}
	}
	folder := func(format string) typ {
		return typ{
			spell: func(m *module) string { return m.use("flytekit.types.directory", "FlyteDirectory") + format },
			value: func(m *module) string {
				return m.use("flytekit.types.directory", "FlyteDirectory") + `("s3://bucket/a/")`
			},
		}
	}
	return one(g,
		file(""), file(""), file(`["csv"]`), file(`["txt"]`),
		typ{spell: func(m *module) string {
			return m.use("flytekit.types.file", "FlyteFile") + "[" + m.use("typing", "TypeVar") + `("csv")]`
		}},
		typ{spell: func(m *module) string {
			return fmt.Sprintf(`%s[%s["csv"], "sorted"]`, m.use("typing_extensions", "Annotated"),
				m.use("flytekit.types.file", "FlyteFile"))
		}},
		named("flytekit.types.file", one(g, "CSVFile", "PNGImageFile", "JoblibSerializedFile", "PythonPickledFile", "HDF5EncodedFile")),
		folder(""), folder(`["png"]`),
		named("flytekit.types.directory", "TensorboardLogs"),
		named("os", "PathLike"),
	)
}

// table is a type of tables.
func (g *generator) table() typ {
	columns := func(m *module) string {
		return m.use("flytekit", "kwtypes") + one(g, "(a=int, b=str)", "(x=float)", "(n=bool,)")
	}
	annotated := func(of typ, rest func(m *module) string) typ {
		return typ{unhashable: true, spell: func(m *module) string {
			return fmt.Sprintf("%s[%s, %s]", m.use("typing", "Annotated"), of.spell(m), rest(m))
		}}
	}
	frame := typ{
		spell: func(m *module) string { return m.use("pandas", "DataFrame") },
		value: func(m *module) string { return m.use("pandas", "DataFrame") + `({"a": [1]})` },
	}
	dataset := typ{spell: func(m *module) string {
		return m.use(one(g, "flytekit", "flytekit.types.structured"), "StructuredDataset")
	}}
	schema := func(m *module) string { return m.use("flytekit.types.schema", "FlyteSchema") }
	return one(g,
		frame, frame, dataset, dataset,
		annotated(frame, columns), annotated(dataset, columns),
		annotated(dataset, func(*module) string { return `"parquet"` }),
		annotated(dataset, func(m *module) string { return columns(m) + `, "csv"` }),
		named("pyarrow", "Table"),
		typ{spell: schema},
		typ{spell: func(m *module) string { return schema(m) + "[" + columns(m) + "]" }},
	)
}

// odd is a type that only few people use, or that ends as a pickle.
func (g *generator) odd() typ {
	return one(g,
		named("typing", "Any", "1", `"x"`, "[1]"),
		plainType("object", "1"), plainType("set", "{1}"), plainType("complex", "1j"), plainType("dict", `{"a": 1}`),
		named("typing", "Dict", `{"a": [1, None]}`),
		named("pathlib", "Path", `@("a") / "b"`),
		named("uuid", "UUID"), named("decimal", "Decimal", `@("1.5")`),
		named("numpy", "ndarray"),
		named("pandas", "Series"),
		named("flytekit.types.iterator", "JSON"),
		named("flytekit.types.error.error", "FlyteError"),
		named("google.protobuf.struct_pb2", "Struct"),
		typ{spell: func(m *module) string { return m.use("typing", "Set") + "[int]" }},
		typ{spell: func(m *module) string { return m.use("typing", "Callable") + "[[int], str]" }},
		typ{spell: func(m *module) string { return m.use("typing", "Sequence") + "[" + g.primitive().spell(m) + "]" }},
		typ{spell: func(m *module) string {
			return m.use("typing", "Iterator") + "[" + m.use("flytekit.types.iterator", "JSON") + "]"
		}},
		typ{spell: func(m *module) string { return m.use("typing", "Dict") + "[int, str]" }, value: func(*module) string { return `{1: "a"}` }},
		typ{spell: func(m *module) string { return m.use("typing", "Dict") + "[str, " + m.use("typing", "Any") + "]" }},
	)
}

// typ is any type that an input can have, at most so deep.
func (g *generator) typ(m *module, depth int) typ {
	if depth <= 0 {
		return one(g, g.scalar(), g.scalar(), g.scalar(), g.defined(m))
	}
	switch n := g.IntN(100); {
	case n < 30:
		return g.scalar()
	case n < 42:
		return g.list(g.typ(m, depth-1))
	case n < 50:
		return g.dict(g.typ(m, depth-1))
	case n < 60:
		return g.optional(g.typ(m, depth-1))
	case n < 64:
		return g.union()
	case n < 67:
		return g.choice()
	case n < 82:
		return g.defined(m)
	case n < 87:
		return g.blob()
	case n < 90:
		return g.table()
	case n < 93:
		return g.annotated(g.scalar())
	case n < 95:
		return g.iterator(g.scalar())
	default:
		return g.odd()
	}
}

func (g *generator) list(of typ) typ {
	lower := g.chance(50)
	t := typ{unhashable: of.unhashable, spell: func(m *module) string {
		name := "list"
		if !lower {
			name = m.use("typing", "List")
		}
		return name + "[" + of.spell(m) + "]"
	}}
	if of.value != nil {
		t.value = func(m *module) string {
			switch m.g.IntN(4) {
			case 0:
				return "[]"
			case 1:
				return "[" + of.value(m) + "] * 2"
			default:
				return "[" + of.value(m) + ", " + of.value(m) + "]"
			}
		}
	}
	return t
}

func (g *generator) dict(of typ) typ {
	lower := g.chance(50)
	t := typ{unhashable: of.unhashable, spell: func(m *module) string {
		name := "dict"
		if !lower {
			name = m.use("typing", "Dict")
		}
		return name + "[str, " + of.spell(m) + "]"
	}}
	if of.value != nil {
		t.value = func(m *module) string {
			return one(m.g, "{}", `{"k": `+of.value(m)+"}", `dict(k=`+of.value(m)+")")
		}
	}
	return t
}

// optional is one of the spellings of a type that may be None.
func (g *generator) optional(of typ) typ {
	if of.unhashable {
		return of
	}
	form := g.IntN(4)
	t := typ{spell: func(m *module) string {
		inner := of.spell(m)
		switch {
		case form == 0:
			return m.use("typing", "Union") + "[" + inner + ", None]"
		case form == 1 && !strings.HasPrefix(inner, "None"):
			return inner + " | None"
		case form == 2 && !strings.HasPrefix(inner, "None"):
			return "None | " + inner
		default:
			return m.use("typing", "Optional") + "[" + inner + "]"
		}
	}}
	t.value = func(m *module) string {
		if of.value == nil || m.g.chance(60) {
			return "None"
		}
		return of.value(m)
	}
	return t
}

// union is one of types that a value tells apart.
func (g *generator) union() typ {
	members := []typ{
		plainType("int", "4"), plainType("str", `"u"`), plainType("float", "2.5"), plainType("bool", "False"),
		{spell: func(m *module) string { return "list[str]" }, value: func(*module) string { return `["v"]` }},
		{spell: func(m *module) string { return "dict[str, int]" }, value: func(*module) string { return `{"w": 1}` }},
	}
	g.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	members = members[:2+g.IntN(2)]
	bars := g.chance(40)
	return typ{
		spell: func(m *module) string {
			var all []string
			for _, member := range members {
				all = append(all, member.spell(m))
			}
			if bars {
				return strings.Join(all, " | ")
			}
			return m.use("typing", "Union") + "[" + strings.Join(all, ", ") + "]"
		},
		value: func(m *module) string { return one(m.g, members...).value(m) },
	}
}

// choice is a Literal.
func (g *generator) choice() typ {
	values := one(g, []string{`"a"`, `"b"`}, []string{"1", "2", "3"}, []string{`"only"`}, []string{"True"})
	from := one(g, "typing", "typing_extensions")
	return typ{
		spell: func(m *module) string { return m.use(from, "Literal") + "[" + strings.Join(values, ", ") + "]" },
		value: func(m *module) string { return one(m.g, values...) },
	}
}

// annotated adds what flytekit reads from Annotated, or skips.
func (g *generator) annotated(of typ) typ {
	form := g.IntN(5)
	return typ{
		spell: func(m *module) string {
			var note string
			switch form {
			case 0:
				note = `"a remark"`
			case 1:
				note = m.use("flytekit", "HashMethod") + "(str)"
			case 2:
				note = m.use("flytekit.core.annotation", "FlyteAnnotation") + `({"unit": "m", "range": [0, 1.5]})`
			case 3:
				note = m.use("flytekit.core.artifact", "Artifact") + `(name="weights")`
			default:
				note = "42, None"
			}
			return m.use(one(g, "typing", "typing_extensions"), "Annotated") + "[" + of.spell(m) + ", " + note + "]"
		},
		value: of.value,
	}
}

func (g *generator) iterator(of typ) typ {
	return typ{spell: func(m *module) string { return m.use("typing", "Iterator") + "[" + of.spell(m) + "]" }}
}

// defined is a type that the project defines, or a scalar where it has none.
func (g *generator) defined(m *module) typ {
	classes := m.visible(class)
	if len(classes) == 0 {
		return g.scalar()
	}
	return one(g, classes...).typ
}
