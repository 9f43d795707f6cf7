package pyeval

import (
	"math"
	"math/big"
)

// integer is the integer that an int or a bool is.
func integer(v Value) (*big.Int, bool) {
	switch n := v.(type) {
	case Int:
		return n.Int, true
	case Bool:
		if n {
			return smallInts[1].Int, true
		}
		return smallInts[0].Int, true
	case *EnumMember:
		if n.mixin() == "builtins.int" {
			return integer(n.Value)
		}
	}
	return nil, false
}

// number is a number as a float.
func number(v Value) (float64, bool) {
	if x, ok := v.(Float); ok {
		return float64(x), true
	}
	if n, ok := integer(v); ok {
		x, _ := new(big.Float).SetInt(n).Float64()
		return x, true
	}
	return 0, false
}

func (f *Frame) numbers(a Value, op string, b Value) Value {
	x, okX := integer(a)
	y, okY := integer(b)
	if okX && okY && op != "/" {
		value := f.integers(x, op, y)
		_, boolA := a.(Bool)
		_, boolB := b.(Bool)
		if n, ok := value.(Int); ok && boolA && boolB && (op == "&" || op == "|" || op == "^") {
			return Bool(n.Sign() != 0)
		}
		return value
	}
	p, okP := number(a)
	q, okQ := number(b)
	if !okP || !okQ {
		return nil
	}
	switch op {
	case "+":
		return Float(p + q)
	case "-":
		return Float(p - q)
	case "*":
		return Float(p * q)
	case "/", "//", "%":
		if q == 0 {
			return f.fail("ZeroDivisionError", "a division by zero", nil)
		}
		switch op {
		case "/":
			if okX && okY {
				quotient, _ := new(big.Rat).SetFrac(x, y).Float64()
				return Float(quotient)
			}
			return Float(p / q)
		case "%":
			return Float(floatMod(p, q))
		}
		return Float(math.Round((p - floatMod(p, q)) / q))
	case "**":
		if power := math.Pow(p, q); !math.IsNaN(power) && !math.IsInf(power, 0) {
			return Float(power)
		}
	}
	return nil
}

// floatMod is Python's %, which has the sign of the divisor.
func floatMod(p, q float64) float64 {
	mod := math.Mod(p, q)
	if mod != 0 && (mod < 0) != (q < 0) {
		mod += q
	}
	return mod
}

func (f *Frame) integers(x *big.Int, op string, y *big.Int) Value {
	result := new(big.Int)
	switch op {
	case "+":
		result.Add(x, y)
	case "-":
		result.Sub(x, y)
	case "*":
		if x.BitLen()+y.BitLen() > 4*maxDigits {
			return nil
		}
		result.Mul(x, y)
	case "//", "%":
		if y.Sign() == 0 {
			return f.fail("ZeroDivisionError", "a division by zero", nil)
		}
		mod := new(big.Int)
		result.QuoRem(x, y, mod)
		if mod.Sign() != 0 && mod.Sign() != y.Sign() {
			result.Sub(result, smallInts[1].Int)
			mod.Add(mod, y)
		}
		if op == "%" {
			result = mod
		}
	case "**":
		switch {
		case y.Sign() < 0:
			p, _ := number(Int{x})
			q, _ := number(Int{y})
			if p == 0 {
				return f.fail("ZeroDivisionError", "zero to a negative power", nil)
			}
			return Float(math.Pow(p, q))
		case !y.IsInt64() || int64(x.BitLen())*y.Int64() > 4*maxDigits:
			return nil
		}
		result.Exp(x, y, nil)
	case "<<", ">>":
		if !y.IsInt64() || y.Sign() < 0 || y.Int64() > 4*maxDigits {
			return nil
		}
		if op == "<<" {
			result.Lsh(x, uint(y.Int64()))
		} else {
			result.Rsh(x, uint(y.Int64()))
		}
	case "&":
		result.And(x, y)
	case "|":
		result.Or(x, y)
	case "^":
		result.Xor(x, y)
	default:
		return nil
	}
	return Int{result}
}
