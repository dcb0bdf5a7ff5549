//! `play`: shows a recording of a terminal.
//!
//! A recording is a file from anywhere: what it wrote to its terminal is shown as far as it can be seen, and no further
//! ([`DisplayFilter`]). On a terminal it takes the time that it took, and keys halt and end it; the terminal is put back on
//! every way out. Elsewhere all output is written at once.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use super::Context;
use crate::cli::play::Play;
use crate::error::{Code, Error, Result};
use crate::output::Stream;
use crate::terminal::recording::{Event, Header, ReadError, RecordingReader, Timed};
use crate::terminal::{DisplayFilter, OsTerminal, Signal, Size, Terminal};

/// Events that are read ahead.
const READ_AHEAD: usize = 64;
/// Longer than anybody waits; a recording may ask for more.
const FOREVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
/// Longest wait for a terminal to take the last output.
const LAST_OUTPUT: Duration = Duration::from_secs(1);
const CTRL_C: u8 = 3;

/// Shows a recording to its end.
pub async fn run(context: &Context, args: &Play) -> Result<()> {
    let streams = context.printer.streams();
    let terminal = OsTerminal;
    let is_piped = args.file == Path::new("-");
    if is_piped && streams.stdin {
        return Err(Error::usage("standard input is a terminal and no recording").hint("kubectl opencode play FILE"));
    }
    let unreadable = |error| Error::usage(format!("cannot read {}", name(&args.file))).caused_by(&error);
    // Keys come from the terminal, whatever standard input leads to.
    let piped = if streams.stdout && !streams.stdin {
        let no_keys = |error| {
            Error::new(Code::Unsupported, "there is no terminal to read keys from")
                .caused_by(&error)
                .hint("without one: kubectl opencode play FILE | cat")
        };
        Some(terminal.take_stdin().map_err(no_keys)?)
    } else {
        None
    };
    let source: Box<dyn Read + Send> = match piped {
        Some(piped) if is_piped => Box::new(piped),
        None if is_piped => Box::new(std::io::stdin()),
        _ => Box::new(File::open(&args.file).map_err(unreadable)?),
    };
    let mut recording = Recording::open(source, &args.file).await?;
    let mut filter = Filter((!args.raw).then(DisplayFilter::default));
    if streams.stdout {
        on_terminal(context, &terminal, &mut recording, &mut filter, args).await
    } else {
        write_all(&mut recording, &mut filter).await
    }
}

fn name(file: &Path) -> String {
    if file == Path::new("-") { "standard input".to_owned() } else { format!("\"{}\"", file.display()) }
}

/// A recording that is being read.
struct Recording {
    name: String,
    header: Header,
    /// The most rows and columns that its terminal was given on the way, as far as was read.
    grown: Size,
    events: mpsc::Receiver<Result<Timed, ReadError>>,
}

impl Recording {
    /// Begins to read, on a thread of its own: what is piped in may keep it waiting.
    async fn open(source: Box<dyn Read + Send>, file: &Path) -> Result<Self> {
        let (begun, header) = oneshot::channel();
        let (sender, events) = mpsc::channel(READ_AHEAD);
        std::thread::spawn(move || {
            // Whoever waits for what is sent here may have left.
            let mut reader = match RecordingReader::begin(BufReader::new(source)) {
                Ok((reader, header)) => {
                    let _ = begun.send(Ok(header));
                    reader
                }
                Err(error) => {
                    let _ = begun.send(Err(error));
                    return;
                }
            };
            while let Some(event) = reader.next_event().transpose() {
                let is_last = event.is_err();
                if sender.blocking_send(event).is_err() || is_last {
                    return;
                }
            }
        });
        let name = name(file);
        match header.await {
            Ok(Ok(header)) => Ok(Self { name, header, grown: Size { rows: 0, cols: 0 }, events }),
            Ok(Err(error)) => Err(failure(&name, &error)),
            Err(_) => Err(Error::internal("the thread that reads the recording ended")),
        }
    }

    /// The next output and its time; none at the end.
    async fn output(&mut self) -> Result<Option<(Duration, Vec<u8>)>> {
        while let Some(event) = self.events.recv().await {
            let timed = event.map_err(|error| failure(&self.name, &error))?;
            match timed.event {
                Event::Output(bytes) => return Ok(Some((timed.at, bytes))),
                Event::Resize(Size { rows, cols }) => {
                    self.grown = Size { rows: self.grown.rows.max(rows), cols: self.grown.cols.max(cols) };
                }
                _ => {}
            }
        }
        Ok(None)
    }
}

fn failure(name: &str, error: &ReadError) -> Error {
    let invalid = |what: &str| Error::new(Code::InvalidConfiguration, format!("{name} is {what}")).caused_by(error);
    match error {
        ReadError::Io(error) => Error::usage(format!("cannot read {name}")).caused_by(error),
        ReadError::NoRecording(_) => {
            invalid("no recording of a terminal").hint("`kubectl opencode attach REF --record FILE` makes one")
        }
        ReadError::Damaged(..) => invalid("a damaged recording; what comes before that was shown"),
    }
}

/// What of the output is shown.
struct Filter(Option<DisplayFilter>);

impl Filter {
    fn push(&mut self, output: Vec<u8>) -> Vec<u8> {
        match &mut self.0 {
            Some(filter) => filter.push(&String::from_utf8_lossy(&output)).into_bytes(),
            None => output,
        }
    }
}

async fn write_all(recording: &mut Recording, filter: &mut Filter) -> Result<()> {
    let mut stdout = Stream::stdout()?;
    let shown = loop {
        match recording.output().await {
            Ok(Some((_, output))) => stdout.write(filter.push(output).into()).await?,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    stdout.finish().await?;
    shown
}

/// What a person asked for.
enum Left {
    Ended,
    Interrupted,
    Signal(Signal),
}

async fn on_terminal(
    context: &Context,
    terminal: &dyn Terminal,
    recording: &mut Recording,
    filter: &mut Filter,
    args: &Play,
) -> Result<()> {
    let ours = terminal.size();
    let warn_if_larger = |theirs: Size, what: &str| {
        if theirs.rows > ours.rows || theirs.cols > ours.cols {
            let sizes = format!("{}×{}, and this one has {}×{}", theirs.cols, theirs.rows, ours.cols, ours.rows);
            context.printer.warn(&format!("{what} {sizes}"));
        }
    };
    warn_if_larger(recording.header.size, "the recording was made on a terminal of");
    let trouble = |error| Error::internal("cannot use the terminal").caused_by(&error);
    let mut signals = terminal.signals().map_err(trouble)?;
    let mode = terminal.raw().map_err(trouble)?;
    let mut keys = terminal.input();
    let screen = terminal.output();
    let (halt, halted) = watch::channel(false);
    let mut clock = Clock::new(args.speed, args.idle_limit.or(recording.header.idle_limit), halted);
    let show = async {
        while let Some((at, output)) = recording.output().await? {
            clock.reaches(at).await;
            let room = screen.room().await;
            room.map_err(|_| Error::output_closed())?.write(filter.push(output));
        }
        screen.flush().await;
        Ok::<_, Error>(Left::Ended)
    };
    let obey = async {
        while let Some(typed) = keys.recv().await {
            for key in typed {
                match key {
                    b'q' => return Left::Ended,
                    CTRL_C => return Left::Interrupted,
                    b' ' => halt.send_modify(|halted| *halted = !*halted),
                    _ => {}
                }
            }
        }
        Left::Signal(Signal::HangUp)
    };
    let be_told = async {
        loop {
            match signals.recv().await.unwrap_or(Signal::HangUp) {
                Signal::Resized => {}
                Signal::Stop => {
                    if terminal.suspend(&mode).is_err() {
                        return Left::Signal(Signal::HangUp);
                    }
                }
                signal => return Left::Signal(signal),
            }
        }
    };
    let left = tokio::select! {
        shown = show => shown,
        left = obey => Ok(left),
        left = be_told => Ok(left),
    };
    // What was on its way is shown before the terminal is given back; one that takes nothing is not waited for.
    let _ = tokio::time::timeout(LAST_OUTPUT, screen.flush()).await;
    drop(mode);
    // A line of ours in between would have disturbed the picture.
    warn_if_larger(recording.grown, "the terminal that was recorded became larger on the way, up to");
    match left? {
        Left::Ended => Ok(()),
        Left::Interrupted => Err(Error::new(Code::Interrupted, "interrupted")),
        Left::Signal(signal) => {
            terminal.end_by(signal);
            Err(Error::new(Code::Terminated, if signal == Signal::HangUp { "hung up" } else { "quit" }))
        }
    }
}

/// Waits as long as a recording did, made shorter as its viewer wishes.
struct Clock {
    speed: f64,
    idle_limit: Option<Duration>,
    halted: watch::Receiver<bool>,
    /// The last time that was reached: in the recording, and here.
    reached: (Duration, Instant),
}

impl Clock {
    fn new(speed: f64, idle_limit: Option<Duration>, halted: watch::Receiver<bool>) -> Self {
        Self { speed, idle_limit, halted, reached: (Duration::ZERO, Instant::now()) }
    }

    /// Waits until the recording's time is `at`. Time that was halted does not count.
    async fn reaches(&mut self, at: Duration) {
        let (before, mut due) = self.reached;
        let pause = at.saturating_sub(before).min(self.idle_limit.unwrap_or(Duration::MAX));
        let pause = Duration::try_from_secs_f64(pause.as_secs_f64() / self.speed).unwrap_or(FOREVER);
        due += pause.min(FOREVER);
        loop {
            let since = Instant::now();
            // Without anybody who could end a halt the time just passes.
            if self.halted.wait_for(|halted| !halted).await.is_ok() {
                due += since.elapsed();
            }
            tokio::select! {
                biased;
                Ok(()) = self.halted.changed() => {}
                () = tokio::time::sleep_until(due) => break,
            }
        }
        self.reached = (at, due);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When each of these times of a recording is reached here, in milliseconds.
    async fn reached(speed: f64, idle_limit: Option<u64>, times: &[u64]) -> Vec<u128> {
        let (_halt, halted) = watch::channel(false);
        let mut clock = Clock::new(speed, idle_limit.map(Duration::from_millis), halted);
        let begun = clock.reached.1;
        let mut seen = Vec::new();
        for at in times {
            clock.reaches(Duration::from_millis(*at)).await;
            assert!(Instant::now() >= clock.reached.1, "not before its time");
            seen.push((clock.reached.1 - begun).as_millis());
        }
        seen
    }

    #[tokio::test]
    async fn a_recording_takes_its_time_or_less() {
        assert_eq!(reached(1.0, None, &[0, 20, 20, 50]).await, [0, 20, 20, 50]);
        assert_eq!(reached(2.0, None, &[20, 40]).await, [10, 20]);
        assert_eq!(reached(0.5, None, &[10]).await, [20]);
        assert_eq!(reached(1.0, Some(10), &[5, 60_000, 60_005]).await, [5, 15, 20]);
        assert_eq!(reached(2.0, Some(10), &[60_000]).await, [5]);
        assert_eq!(reached(f64::MAX, None, &[u64::MAX / 2]).await, [0]);
    }

    #[tokio::test]
    async fn a_halt_does_not_count() {
        let (halt, halted) = watch::channel(true);
        let mut clock = Clock::new(1.0, None, halted);
        let begun = clock.reached.1;
        let halt_for = Duration::from_millis(80);
        tokio::join!(clock.reaches(Duration::from_millis(20)), async {
            tokio::time::sleep(halt_for).await;
            halt.send_replace(false);
        });
        assert!(begun.elapsed() >= halt_for + Duration::from_millis(20), "{:?}", begun.elapsed());
        clock.reaches(Duration::from_millis(30)).await;
        assert!(clock.reached.1 - begun >= halt_for + Duration::from_millis(30));
    }

    #[tokio::test]
    async fn no_time_is_too_long_to_wait_for() {
        let (_halt, halted) = watch::channel(false);
        let mut clock = Clock::new(f64::MIN_POSITIVE, None, halted);
        let waited = tokio::time::timeout(Duration::from_millis(20), clock.reaches(Duration::MAX)).await;
        assert!(waited.is_err());
    }
}
