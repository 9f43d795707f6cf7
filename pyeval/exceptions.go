package pyeval

import "strings"

// exceptions are the bases of the builtin exceptions.
var exceptions = map[string]string{}

func init() {
	for pair := range strings.FieldsSeq(builtinExceptions) {
		name, base, _ := strings.Cut(pair, "=")
		pythonNatives["builtins."+name] = Behaviour{Class: true, Bases: []string{"builtins." + base}}
		exceptions["builtins."+name] = "builtins." + base
		builtinNames[name] = &Native{Name: "builtins." + name}
	}
	for alias, name := range map[string]string{"EnvironmentError": "OSError", "IOError": "OSError"} {
		builtinNames[alias] = &Native{Name: "builtins." + name}
	}
}

const builtinExceptions = `BaseException=object Exception=BaseException BaseExceptionGroup=BaseException ExceptionGroup=BaseExceptionGroup
GeneratorExit=BaseException KeyboardInterrupt=BaseException SystemExit=BaseException
ArithmeticError=Exception AssertionError=Exception AttributeError=Exception BufferError=Exception EOFError=Exception
ImportError=Exception LookupError=Exception MemoryError=Exception NameError=Exception OSError=Exception ReferenceError=Exception
RuntimeError=Exception StopAsyncIteration=Exception StopIteration=Exception SyntaxError=Exception SystemError=Exception
TypeError=Exception ValueError=Exception Warning=Exception
FloatingPointError=ArithmeticError OverflowError=ArithmeticError ZeroDivisionError=ArithmeticError
ModuleNotFoundError=ImportError IndexError=LookupError KeyError=LookupError UnboundLocalError=NameError
BlockingIOError=OSError ChildProcessError=OSError ConnectionError=OSError FileExistsError=OSError FileNotFoundError=OSError
InterruptedError=OSError IsADirectoryError=OSError NotADirectoryError=OSError PermissionError=OSError ProcessLookupError=OSError
TimeoutError=OSError BrokenPipeError=ConnectionError ConnectionAbortedError=ConnectionError
ConnectionRefusedError=ConnectionError ConnectionResetError=ConnectionError
NotImplementedError=RuntimeError RecursionError=RuntimeError IndentationError=SyntaxError TabError=IndentationError
UnicodeError=ValueError UnicodeDecodeError=UnicodeError UnicodeEncodeError=UnicodeError UnicodeTranslateError=UnicodeError
BytesWarning=Warning DeprecationWarning=Warning EncodingWarning=Warning FutureWarning=Warning ImportWarning=Warning
PendingDeprecationWarning=Warning ResourceWarning=Warning RuntimeWarning=Warning SyntaxWarning=Warning
UnicodeWarning=Warning UserWarning=Warning`

// exceptionIs tells whether a builtin exception is another or derives from it.
// An import that fails raises ModuleNotFoundError, which an ImportError of this
// package stands for, too.
func exceptionIs(name, base string) bool {
	for name != "" {
		if name == base {
			return true
		}
		name = exceptions[name]
	}
	return false
}
