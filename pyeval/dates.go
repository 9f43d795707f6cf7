package pyeval

import "math/big"

// deltaUnits are the parts of a timedelta in the order of its parameters, in
// microseconds.
var deltaUnits = []struct {
	name         string
	microseconds int64
}{
	{"days", 86_400_000_000}, {"seconds", 1_000_000}, {"microseconds", 1}, {"milliseconds", 1_000},
	{"minutes", 60_000_000}, {"hours", 3_600_000_000}, {"weeks", 604_800_000_000},
}

// Timedelta is the length of a datetime.timedelta in microseconds; false if the
// value is none or its length isn't known.
func Timedelta(value Value) (*big.Int, bool) {
	i, ok := value.(*Instance)
	if !ok || !isNative(i.Class, "datetime.timedelta") || i.Open {
		return nil, false
	}
	// Python rounds the sum of the fractions half to even.
	sum := new(big.Rat)
	add := func(amount Value, unit int64) bool {
		part := new(big.Rat)
		if n, ok := integer(amount); ok {
			part.SetInt(n)
		} else if x, ok := amount.(Float); !ok || part.SetFloat64(float64(x)) == nil {
			return false
		}
		sum.Add(sum, part.Mul(part, new(big.Rat).SetInt64(unit)))
		return true
	}
	for n, arg := range i.Args {
		if n >= len(deltaUnits) || !add(arg, deltaUnits[n].microseconds) {
			return nil, false
		}
	}
	for _, keyword := range i.Keywords {
		known := false
		for _, unit := range deltaUnits {
			if unit.name == keyword.Name {
				known = add(keyword.Value, unit.microseconds)
			}
		}
		if !known {
			return nil, false
		}
	}
	return roundHalfEven(sum), true
}

func roundHalfEven(x *big.Rat) *big.Int {
	floor := new(big.Int)
	remainder := new(big.Int)
	floor.DivMod(x.Num(), x.Denom(), remainder)
	switch new(big.Int).Lsh(remainder, 1).Cmp(x.Denom()) {
	case 1:
		return floor.Add(floor, smallInts[1].Int)
	case 0:
		if floor.Bit(0) == 1 {
			return floor.Add(floor, smallInts[1].Int)
		}
	}
	return floor
}

// NewTimedelta is the datetime.timedelta of a length in microseconds.
func (f *Frame) NewTimedelta(microseconds *big.Int) Value {
	days, rest := new(big.Int).DivMod(microseconds, big.NewInt(deltaUnits[0].microseconds), new(big.Int))
	seconds, rest := new(big.Int).DivMod(rest, big.NewInt(1_000_000), new(big.Int))
	return &Instance{Class: &Native{Name: "datetime.timedelta"}, Args: []Value{Int{days}, Int{seconds}, Int{rest}}, owned: f.own()}
}

// dates is the operator on timedeltas; nil where it has no meaning that is
// known here.
func (f *Frame) dates(a Value, op string, b Value) Value {
	x, okX := Timedelta(a)
	y, okY := Timedelta(b)
	switch {
	case okX && okY:
		switch op {
		case "+":
			return f.NewTimedelta(new(big.Int).Add(x, y))
		case "-":
			return f.NewTimedelta(new(big.Int).Sub(x, y))
		case "/":
			if y.Sign() != 0 {
				quotient, _ := new(big.Rat).SetFrac(x, y).Float64()
				return Float(quotient)
			}
		}
	case okX && (op == "*" || op == "/" || op == "//"):
		n, ok := integer(b)
		switch {
		case !ok:
		case op == "*":
			return f.NewTimedelta(new(big.Int).Mul(x, n))
		case n.Sign() == 0:
		case op == "/":
			return f.NewTimedelta(roundHalfEven(new(big.Rat).SetFrac(x, n)))
		case n.Sign() > 0:
			return f.NewTimedelta(new(big.Int).Div(x, n))
		}
	case okY && op == "*":
		return f.dates(b, op, a)
	}
	return nil
}
