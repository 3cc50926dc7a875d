package control

import (
	"bundlelab/data/crash"
	"bundlelab/data/store"
)

// ahead is how many episodes the reading may be ahead of the writing.
const ahead = 64

// pipe hands what an import produces to the sink from a goroutine of its own,
// in order, so that reading and writing go on side by side. The sink is for
// that goroutine alone until the pipe is shut.
type pipe struct {
	sink    Sink
	waiting chan step
	over    chan struct{} // closed when the goroutine has ended
	shut    bool
	err     error        // why the sink took no more; read after over
	crash   *crash.Error // a panic of the sink, which goes on where the run is
}

// step is an episode, or anything else for the sink.
type step struct {
	episode *store.Episode
	do      func(Sink) error
}

func newPipe(sink Sink) *pipe {
	p := &pipe{sink: sink, waiting: make(chan step, ahead), over: make(chan struct{})}
	go p.work()
	return p
}

func (p *pipe) work() {
	defer close(p.over)
	defer func() {
		if r := recover(); r != nil {
			p.crash = crash.Of(r)
		}
	}()
	for s := range p.waiting {
		if s.do != nil {
			p.err = s.do(p.sink)
		} else {
			p.err = p.sink.Episode(s.episode)
		}
		if p.err != nil {
			return
		}
	}
}

// put gives the sink something, in turn. The error may be that of something
// put before.
func (p *pipe) put(s step) error {
	select {
	case p.waiting <- s:
		return nil
	case <-p.over:
		return p.end()
	}
}

// end waits until the sink has taken everything and gives its error.
func (p *pipe) end() error {
	if !p.shut {
		p.shut = true
		close(p.waiting)
	}
	<-p.over
	if p.crash != nil {
		panic(p.crash)
	}
	return p.err
}
