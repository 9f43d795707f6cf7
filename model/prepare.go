package model

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// Prepare makes what most questions about the module need, the bodies of its
// entities and the types of their inputs and outputs, the last first: on
// another core, it meets those who ask for them in their order, and finds most
// done from there on. stop ends it early. What panics does so again for those
// who ask for it.
func (m *Module) Prepare(stop func() bool) {
	for i := len(m.Entities) - 1; i >= 0 && !stop(); i-- {
		attempt(func() { m.Body(m.Entities[i]) })
	}
	for i := len(m.Entities) - 1; i >= 0 && !stop(); i-- {
		for _, variables := range [][]*Variable{m.Entities[i].Inputs, m.Entities[i].Outputs} {
			for _, v := range variables {
				attempt(func() { _, _ = m.LiteralType(v) }) // who asks for it gets the error
			}
		}
	}
}

// attempt runs what a memo keeps the panic of.
func attempt(run func()) {
	defer func() { _ = recover() }()
	run()
}

// memo makes a value when it is first asked for. If that panics, so does
// whoever asks for it.
type memo struct {
	once    sync.Once
	problem error
}

func (m *memo) do(run func()) {
	m.once.Do(func() {
		defer func() {
			if problem := recover(); problem != nil {
				m.problem = fmt.Errorf("%v\n%s", problem, debug.Stack())
			}
		}()
		run()
	})
	if m.problem != nil {
		panic(m.problem)
	}
}
