package typeengine

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// modelBuilder makes a JSON schema as pydantic's model_json_schema does
// (pydantic/json_schema.py, mode "validation").
type modelBuilder struct {
	*conversion
	definitions map[string]any
	owners      map[string]*pyeval.Class
	// config is that of the model whose fields are looked at.
	config *modelConfig
}

const modelRef = "#/$defs/"

// modelSchema is the JSON schema of a model, as decoded JSON.
func (c *conversion) modelSchema(class *pyeval.Class) (map[string]any, error) {
	if !c.since("pydantic", 2, 10) {
		return nil, unknown("the JSON schema that pydantic %s makes of %s isn't known", c.Version("pydantic"), class.Name)
	}
	b := &modelBuilder{conversion: c, definitions: map[string]any{}, owners: map[string]*pyeval.Class{}}
	ref, err := b.model(class)
	if err != nil {
		return nil, err
	}
	schema := ref
	if !holds(b.definitions, ref["$ref"].(string)) {
		schema = maps.Clone(b.definitions[class.Name].(map[string]any))
		delete(b.definitions, class.Name)
	}
	if len(b.definitions) > 0 {
		schema["$defs"] = b.definitions
	}
	return schema, nil
}

// holds tells whether a reference stands anywhere in decoded JSON.
func holds(v any, ref string) bool {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if key == "$ref" && value == ref || holds(value, ref) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return holds(item, ref) })
	}
	return false
}

// define makes the definition of a class once, and gives a reference to it.
func (b *modelBuilder) define(class *pyeval.Class, build func() (map[string]any, error)) (map[string]any, error) {
	ref := map[string]any{"$ref": modelRef + class.Name}
	if owner, ok := b.owners[class.Name]; ok {
		if !sameDefinition(owner, class) {
			return nil, unknown("two classes are named %s", class.Name)
		}
		return ref, nil
	}
	b.owners[class.Name] = class
	schema, err := build()
	if err != nil {
		return nil, err
	}
	b.definitions[class.Name] = schema
	return ref, nil
}

func (b *modelBuilder) model(class *pyeval.Class) (map[string]any, error) {
	return b.define(class, func() (map[string]any, error) {
		if err := b.checkModel(class); err != nil {
			return nil, err
		}
		config, err := b.modelConfig(class)
		if err != nil {
			return nil, err
		}
		fields, err := b.modelFields(class)
		if err != nil {
			return nil, err
		}
		was := b.config
		b.config = config
		defer func() { b.config = was }()
		title := class.Name
		if config.title != "" {
			title = config.title
		}
		schema := map[string]any{"type": "object", "title": title, "properties": map[string]any{}}
		if class.Def != nil && class.Def.Doc != "" {
			schema["description"] = class.Def.Doc
		}
		b.setExtra(schema)
		var required []string
		for _, f := range fields {
			name, err := b.fieldName(f)
			if err != nil {
				return nil, err
			}
			property, err := b.field(f, name)
			if err != nil {
				return nil, err
			}
			schema["properties"].(map[string]any)[name] = property
			if f.required() {
				required = append(required, name)
			}
		}
		if len(required) > 0 {
			schema["required"] = required
		}
		return schema, nil
	})
}

// setInherited is setExtra for a dataclass in a model.
func (b *modelBuilder) setInherited(schema map[string]any) {
	if b.config.extra != "" && b.since("pydantic", 2, 14) {
		b.setExtra(schema)
	}
}

func (b *modelBuilder) setExtra(schema map[string]any) {
	switch b.config.extra {
	case "forbid":
		schema["additionalProperties"] = false
	case "allow":
		schema["additionalProperties"] = true
	}
}

// fieldName is the name of a field in the schema.
func (b *modelBuilder) fieldName(f *modelField) (string, error) {
	return b.aliasOf(f, "validation_alias")
}

// writtenName is the name of a field that is written by its alias.
func (b *modelBuilder) writtenName(f *modelField) (string, error) {
	return b.aliasOf(f, "serialization_alias")
}

func (b *modelBuilder) aliasOf(f *modelField, first string) (string, error) {
	for _, setting := range []string{first, "alias"} {
		switch alias := f.setting(b.conversion, setting).(type) {
		case nil, pyeval.None:
		case pyeval.Str:
			return string(alias), nil
		default:
			return "", unknown("the alias of %s.%s isn't known", f.class.Name, f.name)
		}
	}
	return f.name, nil
}

// silentSettings are arguments of Field that don't change the schema.
var silentSettings = map[string]bool{
	"default": true, "default_factory": true, "alias": true, "alias_priority": true, "validation_alias": true,
	"serialization_alias": true, "exclude": true, "frozen": true, "validate_default": true, "repr": true,
	"init": true, "init_var": true, "kw_only": true, "strict": true, "allow_inf_nan": true, "union_mode": true,
	"fail_fast": true, "coerce_numbers_to_str": true, "strip_whitespace": true, "to_lower": true, "to_upper": true,
}

func (b *modelBuilder) field(f *modelField, name string) (map[string]any, error) {
	property, err := b.schema(f.of)
	if err != nil {
		return nil, err
	}
	if titled(property) {
		property["title"] = titleOf(name)
	}
	for _, setting := range f.settings {
		value := b.resolve(setting.Value)
		if _, none := value.(pyeval.None); none || silentSettings[setting.Name] {
			continue
		}
		if reason, ok := b.uncertain(value); ok {
			return nil, unknown("%s of %s.%s isn't known: %s", setting.Name, f.class.Name, f.name, reason)
		}
		if err := b.set(property, setting.Name, value); err != nil {
			return nil, unknown("the schema of %s.%s isn't known: %v", f.class.Name, f.name, err)
		}
	}
	if f.fallback != nil {
		fallback, err := b.dump(f.fallback, true)
		if err != nil {
			return nil, err
		}
		if property["default"], err = plain(fallback); err != nil {
			return nil, err
		}
	}
	return property, nil
}

// set puts one argument of Field into a field's schema.
func (b *modelBuilder) set(property map[string]any, name string, value pyeval.Value) error {
	switch name {
	case "title", "description", "examples":
		decoded, err := b.json(value)
		property[name] = decoded
		return err
	case "deprecated":
		if on, ok := value.(pyeval.Bool); ok {
			if on {
				property["deprecated"] = true
			}
			return nil
		}
		property["deprecated"] = true
		return nil
	case "json_schema_extra":
		decoded, err := b.json(value)
		extra, ok := decoded.(map[string]any)
		if err != nil || !ok {
			return unknown("json_schema_extra is %s", describe(value))
		}
		maps.Copy(property, extra)
		return nil
	}
	return b.constrainModel(property, name, value)
}

// modelConstraints are the keys of constraints by the type that they are for.
var modelConstraints = map[string]map[string]string{
	"gt": {"number": "exclusiveMinimum"}, "ge": {"number": "minimum"},
	"lt": {"number": "exclusiveMaximum"}, "le": {"number": "maximum"},
	"multiple_of": {"number": "multipleOf"}, "pattern": {"string": "pattern"},
	"min_length": {"string": "minLength", "array": "minItems", "object": "minProperties"},
	"max_length": {"string": "maxLength", "array": "maxItems", "object": "maxProperties"},
}

func (b *modelBuilder) constrainModel(schema map[string]any, name string, value pyeval.Value) error {
	keys, ok := modelConstraints[name]
	if !ok {
		return unknown("what %s does isn't", name)
	}
	if variants, ok := schema["anyOf"].([]any); ok && len(variants) == 2 {
		last, _ := variants[1].(map[string]any)
		first, _ := variants[0].(map[string]any)
		if last["type"] == "null" {
			return b.constrainModel(first, name, value)
		}
	}
	kind, _ := schema["type"].(string)
	if kind == "integer" {
		kind = "number"
	}
	key, ok := keys[kind]
	if !ok || schema["format"] != nil && schema["format"] != "binary" {
		return unknown("what %s does to a field of this type isn't", name)
	}
	decoded, err := b.json(value)
	schema[key] = decoded
	return err
}

// titled tells whether a field's own title is put into its schema
// (field_title_should_be_set): not where it is a reference, or that or None.
func titled(schema map[string]any) bool {
	if schema["$ref"] != nil {
		return false
	}
	if variants, ok := schema["anyOf"].([]any); ok && len(variants) == 2 {
		first, _ := variants[0].(map[string]any)
		last, _ := variants[1].(map[string]any)
		return first["$ref"] == nil || last["type"] != "null"
	}
	return true
}

// titleOf is Python's name.title().replace("_", " ").strip().
func titleOf(name string) string {
	var out strings.Builder
	inWord := false
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r):
			inWord = false
			out.WriteRune(r)
		case inWord:
			out.WriteRune(unicode.ToLower(r))
		default:
			inWord = true
			out.WriteRune(unicode.ToTitle(r))
		}
	}
	return strings.TrimSpace(strings.ReplaceAll(out.String(), "_", " "))
}
