//go:build !race

package app_test

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// line is one connection of Slack's with its request, in which what differs from one command to the next is written over.
type line struct {
	addr    string
	conn    net.Conn // since open
	in      *bufio.Reader
	mac     hash.Hash
	number  uint64 // of the next trigger
	acks    int
	request []byte
	answer  []byte // body of the last response
	// What follows are places in request.
	at, signature, body, trigger []byte
}

// Places in a request as they are before they are written over.
var (
	noSecond    = strings.Repeat("0", 10) // since 1970
	noSignature = strings.Repeat("0", 2*sha256.Size)
	noTrigger   = strings.Repeat("0", 16) // a number in hexadecimal digits
)

// newLine makes the nth line. No two commands on any lines have the same trigger.
func newLine(addr string, n int, secret string, command url.Values) *line {
	const before = "X-Slack-Request-Timestamp: "
	command.Set("trigger_id", "13345224609.738474920."+noTrigger)
	body := command.Encode()
	head := fmt.Sprintf("POST /slack/commands HTTP/1.1\r\nHost: %s\r\nUser-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"+
		"Accept: application/json,*/*\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n"+
		before+"%s\r\nX-Slack-Signature: v0=%s\r\n\r\n", addr, len(body), noSecond, noSignature)
	x := &line{addr: addr, in: bufio.NewReaderSize(nil, 16<<10), mac: hmac.New(sha256.New, []byte(secret)), number: uint64(n) << 40}
	x.request = []byte(head + body)
	x.body = x.request[len(head):]
	place := func(in []byte, after, what string) []byte {
		i := bytes.Index(in, []byte(after+what)) + len(after)
		return in[i:][:len(what)]
	}
	x.at = place(x.request, before, noSecond)
	x.signature = place(x.request, "v0=", noSignature)
	x.trigger = place(x.body, "738474920.", noTrigger)
	return x
}

// open connects. Servers end connections on which nothing is said for some seconds, so that it is done anew before each use.
func (x *line) open(until time.Time) error {
	conn, err := net.Dial("tcp", x.addr)
	if err != nil {
		return err
	}
	x.conn = conn
	x.in.Reset(conn)
	return conn.SetDeadline(until)
}

var (
	errUnsigned = errors.New("401: the signature is not taken")
	errOther    = errors.New("an acknowledgement that is not like the first one")
)

// call has the next command acknowledged and returns the body, which is good until the next call. Errors: errUnsigned; errOther when
// want is not nil and the body is not like it; what the server did otherwise.
func (x *line) call(want []byte) ([]byte, error) {
	x.sign(time.Now())
	if _, err := x.conn.Write(x.request); err != nil {
		return nil, err
	}
	status, err := x.read()
	switch {
	case err != nil:
		return nil, fmt.Errorf("read a response: %w", err)
	case status == http.StatusUnauthorized:
		return nil, errUnsigned
	case status != http.StatusOK:
		return x.answer, fmt.Errorf("status %d", status)
	case want != nil && !bytes.Equal(x.answer, want):
		return x.answer, errOther
	}
	x.acks++
	return x.answer, nil
}

// sign writes a command that was not sent before, signed now.
func (x *line) sign(now time.Time) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], x.number)
	hex.Encode(x.trigger, n[:])
	x.number++
	strconv.AppendInt(x.at[:0], now.Unix(), 10)
	x.mac.Reset()
	_, _ = x.mac.Write([]byte("v0:")) // a hash never fails
	_, _ = x.mac.Write(x.at)
	_, _ = x.mac.Write([]byte(":"))
	_, _ = x.mac.Write(x.body)
	var sum [sha256.Size]byte
	hex.Encode(x.signature, x.mac.Sum(sum[:0]))
}

// read reads one response and returns its status.
func (x *line) read() (status int, err error) {
	head, err := x.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if said, ok := bytes.CutPrefix(head, []byte("HTTP/1.1 ")); !ok || len(said) < 3 {
		return 0, fmt.Errorf("not HTTP: %q", head)
	} else if status, err = strconv.Atoi(string(said[:3])); err != nil {
		return 0, err
	}
	length, chunked := 0, false
	for {
		head, err := x.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		name, value, more := bytes.Cut(bytes.TrimSpace(head), []byte(": "))
		switch {
		case !more:
			if x.answer = x.answer[:0]; chunked {
				return status, x.chunks()
			}
			return status, x.take(length)
		case bytes.EqualFold(name, []byte("content-length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, err
			}
		case bytes.EqualFold(name, []byte("transfer-encoding")):
			chunked = true
		}
	}
}

// chunks reads a body of chunks.
func (x *line) chunks() error {
	for {
		head, err := x.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseUint(string(bytes.TrimSpace(head)), 16, 20)
		if err == nil {
			err = x.take(int(n))
		}
		if err != nil {
			return err
		}
		if _, err := x.in.Discard(len("\r\n")); err != nil || n == 0 {
			return err
		}
	}
}

// take adds n bytes to the answer.
func (x *line) take(n int) error {
	was := len(x.answer)
	x.answer = append(x.answer, make([]byte, n)...)
	_, err := io.ReadFull(x.in, x.answer[was:])
	return err
}
