package pyeval

import (
	"math/big"
	"strconv"
	"time"
)

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

// floorDiv is x // y.
func floorDiv(x, y *big.Int) *big.Int {
	quotient, rest := new(big.Int).QuoRem(x, y, new(big.Int))
	if rest.Sign() != 0 && rest.Sign() != y.Sign() {
		quotient.Sub(quotient, smallInts[1].Int)
	}
	return quotient
}

// dates is the operator on timedeltas and moments; nil where it has no meaning
// that is known here.
func (f *Frame) dates(a Value, op string, b Value) Value {
	x, okX := Timedelta(a)
	y, okY := Timedelta(b)
	switch {
	case okX && okY:
		return f.deltas(x, op, y)
	case okX:
		if m, ok := MomentOf(b); ok {
			if op != "+" {
				return nil
			}
			return f.shift(m, x)
		}
		return f.scaled(x, op, b)
	case okY && op == "*":
		return f.scaled(y, op, a)
	}
	m, ok := MomentOf(a)
	switch {
	case !ok || op != "+" && op != "-":
		return nil
	case okY && op == "+":
		return f.shift(m, y)
	case okY:
		if m.Kind == dateClass {
			y = wholeDays(y)
		}
		return f.shift(m, new(big.Int).Neg(y))
	}
	if other, ok := MomentOf(b); ok && op == "-" {
		if difference, ok := m.since(other); ok {
			return f.NewTimedelta(difference)
		}
	}
	return nil
}

func (f *Frame) shift(m Moment, by *big.Int) Value {
	if shifted, ok := m.shifted(by); ok && m.Kind != timeClass {
		return shifted.value(f)
	}
	return nil
}

// deltas is the operator on two timedeltas.
func (f *Frame) deltas(x *big.Int, op string, y *big.Int) Value {
	switch op {
	case "+":
		return f.NewTimedelta(new(big.Int).Add(x, y))
	case "-":
		return f.NewTimedelta(new(big.Int).Sub(x, y))
	}
	if y.Sign() == 0 {
		return nil
	}
	switch op {
	case "/":
		quotient, _ := new(big.Rat).SetFrac(x, y).Float64()
		return Float(quotient)
	case "//":
		return Int{floorDiv(x, y)}
	case "%":
		return f.NewTimedelta(new(big.Int).Sub(x, new(big.Int).Mul(y, floorDiv(x, y))))
	}
	return nil
}

// scaled is the operator on a timedelta and a number.
func (f *Frame) scaled(x *big.Int, op string, by Value) Value {
	factor := new(big.Rat)
	n, whole := integer(by)
	if whole {
		factor.SetInt(n)
	} else if y, ok := by.(Float); !ok || factor.SetFloat64(float64(y)) == nil {
		return nil
	}
	length := new(big.Rat).SetInt(x)
	switch {
	case op == "*":
		return f.NewTimedelta(roundHalfEven(length.Mul(length, factor)))
	case factor.Sign() == 0:
		return nil
	case op == "/":
		return f.NewTimedelta(roundHalfEven(length.Quo(length, factor)))
	case op == "//" && whole:
		return f.NewTimedelta(floorDiv(x, n))
	}
	return nil
}

// deltaText is str() of a timedelta.
func deltaText(microseconds *big.Int) string {
	days, rest := new(big.Int).DivMod(microseconds, big.NewInt(deltaUnits[0].microseconds), new(big.Int))
	clock := time.UnixMicro(rest.Int64()).UTC()
	text := strconv.Itoa(clock.Hour()) + clock.Format(":04:05")
	if clock.Nanosecond() != 0 {
		text += clock.Format(".000000")
	}
	switch {
	case days.Sign() == 0:
		return text
	case days.IsInt64() && (days.Int64() == 1 || days.Int64() == -1):
		return days.String() + " day, " + text
	}
	return days.String() + " days, " + text
}

// deltaMember is an attribute of a timedelta.
func deltaMember(f *Frame, self *Instance, name string) Value {
	length, ok := Timedelta(self)
	if !ok {
		return nil
	}
	parts := f.NewTimedelta(length).(*Instance).Args
	switch name {
	case "days":
		return parts[0]
	case "seconds":
		return parts[1]
	case "microseconds":
		return parts[2]
	case "total_seconds":
		return &boundMethod{"timedelta.total_seconds", self}
	}
	return nil
}

func totalSeconds(_ *Frame, self Value, _ *Call) Value {
	length, _ := Timedelta(self)
	seconds, _ := new(big.Rat).SetFrac(length, big.NewInt(1_000_000)).Float64()
	return Float(seconds)
}
