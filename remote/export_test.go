package remote

import "time"

// DialTimeout is Dial with another deadline for its calls: a test of a
// backend that hangs need not wait as long as a user.
func DialTimeout(cfg Config, timeout time.Duration) (*Client, error) { return dial(cfg, timeout) }
