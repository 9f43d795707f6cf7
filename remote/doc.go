// Package remote is a client of a Flyte backend (flyteadmin's gRPC services
// and its signed URLs): it finds the configuration where flytekit finds it,
// uploads, registers, executes, watches and reads outputs.
//
// It is a library on its own: no editor and no LSP type enters it. Every call
// has a deadline of its own, so that a backend which is gone gives an
// *UnreachableError within seconds and never a hang. A [Client] may be used
// from any number of goroutines.
package remote
