package words

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/distribution/reference"
	"k8s.io/apimachinery/pkg/api/resource"
)

// CPU says what a quantity of processor time is: "half a core". False of a text
// that is no quantity.
func CPU(text string) (string, bool) {
	quantity, err := resource.ParseQuantity(text)
	if err != nil {
		return "", false
	}
	switch milli := quantity.MilliValue(); {
	case milli == 500:
		return "half a core", true
	case milli == 1000:
		return "1 core", true
	case milli%1000 == 0:
		return fmt.Sprintf("%d cores", milli/1000), true
	case milli < 1000:
		return fmt.Sprintf("%d thousandths of a core", milli), true
	default:
		return fmt.Sprintf("%g cores", float64(milli)/1000), true
	}
}

// Bytes says how much a quantity of memory or disk is: "1 GiB, 1,073,741,824
// bytes". False of a text that is no quantity.
func Bytes(text string) (string, bool) {
	quantity, err := resource.ParseQuantity(text)
	if err != nil {
		return "", false
	}
	whole := new(big.Int).Set(quantity.AsDec().UnscaledBig())
	for scale := quantity.AsDec().Scale(); scale < 0; scale++ {
		whole.Mul(whole, big.NewInt(10))
	}
	for scale := quantity.AsDec().Scale(); scale > 0; scale-- {
		whole.Quo(whole, big.NewInt(10))
	}
	said := grouped(whole.String()) + " bytes"
	if whole.IsInt64() {
		if short := binary(whole.Int64()); short != "" {
			said = short + ", " + said
		}
	}
	return said, true
}

// binary is a number of bytes in the largest unit of 1024s that it is some of.
func binary(bytes int64) string {
	units := []string{"KiB", "MiB", "GiB", "TiB", "PiB"}
	size, unit := float64(bytes), ""
	for _, next := range units {
		if size < 1024 {
			break
		}
		size, unit = size/1024, next
	}
	if unit == "" {
		return ""
	}
	number := fmt.Sprintf("%.2f", size)
	return strings.TrimRight(strings.TrimRight(number, "0"), ".") + " " + unit
}

// grouped puts commas between groups of three digits.
func grouped(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Image is the name of a container's image.
type Image struct {
	Registry, Repository string
	// Tag and Digest are "" where there is none.
	Tag, Digest string
}

// ParseImage reads the name of an image as container runtimes do. False of a text
// that is none: flytekit's templates, such as {{.image.default.fqn}}, aren't.
func ParseImage(text string) (Image, bool) {
	named, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		return Image{}, false
	}
	image := Image{Registry: reference.Domain(named), Repository: reference.Path(named)}
	if tagged, ok := named.(reference.Tagged); ok {
		image.Tag = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		image.Digest = digested.Digest().String()
	}
	return image, true
}
