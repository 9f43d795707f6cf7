// Package local runs tasks, workflows and launch plans on this machine, in
// the user's own Python, and compiles them for a backend with their flytekit.
//
// A Pool holds a warm worker for each interpreter: a Python process that has
// flytekit imported (worker/server.py) and forks a child for each job
// (worker/child.py). Server and worker share a control line, over which a job
// is given as a number and two descriptors: the job's own line, on which the
// child and the server talk, and the log that is the child's stdout and
// stderr. What a job prints so never goes through the server.
package local
