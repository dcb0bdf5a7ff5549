//! A terminal that is recorded while it is used.

use std::io;

use tokio::sync::mpsc;

use super::recording::{Event, Recorder};
use super::{Output, Piece, RawMode, Signal, Size, Terminal};

/// Pieces that wait to be passed on.
const QUEUE: usize = 16;

/// A terminal of which is recorded what it shows, how large it is, and if wanted what is typed. What is put back at the end
/// is left out.
#[derive(Debug)]
pub struct Recorded<T> {
    terminal: T,
    recorder: Recorder,
    with_input: bool,
}

impl<T> Recorded<T> {
    /// Records `terminal`; what is typed there only `with_input`: passwords are typed, too.
    pub fn new(terminal: T, recorder: Recorder, with_input: bool) -> Self {
        Self { terminal, recorder, with_input }
    }

    /// Ends the recording with the program's exit status, if it has ended; an error says that something is missing, and why.
    pub async fn finish(&self, status: Option<i32>) -> io::Result<()> {
        if let Some(status) = status {
            self.recorder.record(Event::Exit(status)).await;
        }
        self.recorder.finish().await
    }
}

impl<T: Terminal + Clone + 'static> Terminal for Recorded<T> {
    fn is_interactive(&self) -> bool {
        self.terminal.is_interactive()
    }

    fn size(&self) -> Size {
        self.terminal.size()
    }

    fn shows_alternate_screen(&self) -> bool {
        self.terminal.shows_alternate_screen()
    }

    fn raw(&self) -> io::Result<RawMode> {
        self.terminal.raw()
    }

    fn input(&self) -> mpsc::Receiver<Vec<u8>> {
        let mut typed = self.terminal.input();
        if !self.with_input {
            return typed;
        }
        let (sender, receiver) = mpsc::channel(QUEUE);
        let recorder = self.recorder.clone();
        tokio::spawn(async move {
            while let Some(bytes) = typed.recv().await {
                recorder.record(Event::Input(bytes.clone())).await;
                if sender.send(bytes).await.is_err() {
                    return;
                }
            }
        });
        receiver
    }

    fn output(&self) -> Output {
        let (sender, mut pieces) = mpsc::channel(QUEUE);
        let (screen, recorder) = (self.terminal.output(), self.recorder.clone());
        let output = screen.through(sender);
        tokio::spawn(async move {
            while let Some(piece) = pieces.recv().await {
                match piece {
                    Piece::Bytes(bytes) => {
                        // Recorded when the terminal takes it, which is when it is seen.
                        let (record, Ok(room)) = tokio::join!(recorder.room(), screen.room()) else { return };
                        record.record(Event::Output(bytes.clone()));
                        room.write(bytes);
                    }
                    Piece::Written(asked) => {
                        screen.flush().await;
                        // Who asked may have stopped waiting.
                        let _ = asked.send(());
                    }
                }
            }
        });
        output
    }

    fn signals(&self) -> io::Result<mpsc::Receiver<Signal>> {
        let mut signals = self.terminal.signals()?;
        let (sender, receiver) = mpsc::channel(QUEUE);
        let (terminal, recorder) = (self.terminal.clone(), self.recorder.clone());
        tokio::spawn(async move {
            while let Some(signal) = signals.recv().await {
                if signal == Signal::Resized {
                    recorder.record(Event::Resize(terminal.size())).await;
                }
                if sender.send(signal).await.is_err() {
                    return;
                }
            }
        });
        Ok(receiver)
    }

    fn suspend(&self, mode: &RawMode) -> io::Result<()> {
        self.terminal.suspend(mode)
    }

    fn end_by(&self, signal: Signal) {
        self.recorder.close();
        self.terminal.end_by(signal);
    }
}

impl<T> Drop for Recorded<T> {
    fn drop(&mut self) {
        self.recorder.close();
    }
}
