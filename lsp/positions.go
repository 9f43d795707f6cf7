package lsp

import (
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// encodings are the position encodings by their names (LSP 3.17,
// PositionEncodingKind).
var encodings = map[string]parser.Encoding{"utf-8": parser.UTF8, "utf-16": parser.UTF16, "utf-32": parser.UTF32}

// chooseEncoding takes the first encoding of those that the client offers, best
// first, that we have. A client that offers none counts in UTF-16, and is told
// nothing.
func (s *Server) chooseEncoding(offered []string) (name string) {
	for _, name := range offered {
		if encoding, ok := encodings[name]; ok {
			s.encoding = encoding
			return name
		}
	}
	return ""
}

// offsetOf is the byte offset of a client's position in a text, which it is cut
// to.
func (s *Server) offsetOf(source *parser.Source, at protocol.Position) int {
	return s.encoding.Offset(source, parser.Position{Line: int(at.Line), Character: int(at.Character)})
}

// spanOf is a client's range in a text, which it is cut to.
func (s *Server) spanOf(source *parser.Source, at protocol.Range) parser.Span {
	start, end := s.offsetOf(source, at.Start), s.offsetOf(source, at.End)
	return parser.Span{Start: min(start, end), End: max(start, end)}
}

// positionOf is the position of a byte offset for the client.
func (s *Server) positionOf(source *parser.Source, offset int) protocol.Position {
	at := s.encoding.Position(source, offset)
	return protocol.Position{Line: uint32(at.Line), Character: uint32(at.Character)}
}

// rangeOf is the range of a span for the client.
func (s *Server) rangeOf(source *parser.Source, span parser.Span) protocol.Range {
	return protocol.Range{Start: s.positionOf(source, span.Start), End: s.positionOf(source, span.End)}
}
