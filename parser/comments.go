package parser

// Comments are the comments of a Python text, each from its "#" to the end of
// its line, and the strings that reach over several lines; both in the order of
// the text. Of a text with very many syntax errors they are those before the
// last of these.
func Comments(text []byte) (comments, strings []Span) {
	scan := scanPython(text)
	return scan.comments, scan.multiline
}

// comment notes the comment at an offset, and returns where it ends.
func (s *pythonScanner) comment(at int) (end int) {
	end = at + lineLength(s.text[at:])
	s.comments = append(s.comments, Span{Start: at, End: end})
	return end
}

// noteString notes a string if it reaches over several lines.
func (s *pythonScanner) noteString(span Span) {
	if lineLength(s.text[span.Start:span.End]) < span.End-span.Start {
		s.multiline = append(s.multiline, span)
	}
}
