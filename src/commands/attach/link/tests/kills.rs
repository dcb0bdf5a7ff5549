//! A link that is killed again and again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::arrivals::{Dice, assert_same, in_doubt, lost, without_lines};
use super::fakes::Weather;
use super::{End, PATIENCE, Scene, Setup, until};

/// How many kills: `ATTACH_KILLS`, or a thousand.
fn kills() -> usize {
    std::env::var("ATTACH_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(1000)
}

/// One person at one terminal whose network is killed again and again. Answers how many typed characters were told to be
/// in doubt, and how many of them did not arrive.
async fn one_bad_day(first_throw: u64, kills: usize) -> (usize, usize) {
    let mut dice = Dice(first_throw);
    let scene = Scene::begin(Setup::default());
    // Notes would stand between the counted output on the normal screen.
    scene.seen.alternate.store(true, Ordering::SeqCst);
    let over = CancellationToken::new();
    let program = {
        let (pty, over) = (Arc::clone(&scene.pty), over.clone());
        tokio::spawn(async move {
            let mut number = 0_usize;
            while !over.is_cancelled() {
                pty.prints(&format!("<{number}>"));
                number += 1;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            number
        })
    };
    let typist = {
        let (keyboard, over) = (scene.keyboard.clone().unwrap(), over.clone());
        tokio::spawn(async move {
            let mut typed = String::new();
            let mut number = 0_usize;
            while !over.is_cancelled() {
                let key = format!("{number},");
                typed.push_str(&key);
                keyboard.send(key.into_bytes()).await.unwrap();
                number += 1;
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            typed
        })
    };
    scene.sees("<0>").await;
    for _ in 0..kills {
        let before = scene.pty.connections.load(Ordering::SeqCst);
        let weather = match dice.throw(10) {
            0 => Weather::Dead,
            1 => Weather::Mute,
            2 => Weather::Deaf,
            3 => Weather::HalfOpen,
            _ => Weather::Closed,
        };
        scene.network.turns(weather);
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while scene.pty.connections.load(Ordering::SeqCst) == before {
            let seen = scene.seen.bytes.lock().unwrap().clone();
            let tail = String::from_utf8_lossy(&seen[seen.len().saturating_sub(600)..]);
            assert!(
                !scene.link.is_finished() && tokio::time::Instant::now() < deadline,
                "{weather:?}, and no new connection: {tail:?}"
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        match dice.throw(4) {
            0 => scene.network.weather.lock().unwrap().send_replace(Weather::Split),
            1 => {
                scene.network.weather.lock().unwrap().send_replace(Weather::Late(Duration::from_millis(dice.throw(8))))
            }
            _ => Weather::Fine,
        };
        tokio::time::sleep(Duration::from_micros(dice.throw(20_000))).await;
    }
    over.cancel();
    let (numbers, typed) = (program.await.unwrap(), typist.await.unwrap());
    scene.types("END").await;
    until("the last key", || scene.pty.input().ends_with("END")).await;
    scene.sees(&format!("<{}>", numbers - 1)).await;
    let printed = scene.pty.output.borrow().clone();
    assert_same(&without_lines(&scene.seen.text()), &printed);
    let input = scene.pty.input();
    scene.types("\x1dd").await;
    let (end, notes) = scene.ends().await;
    assert!(matches!(end, End::Detached), "{end:?}");
    let told = notes.iter().map(|note| in_doubt(note)).sum::<usize>();
    let lost = lost(&typed, input.strip_suffix("END").unwrap());
    assert!(lost <= told, "{lost} characters lost, {told} told");
    (told, lost)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_kills_lose_nothing_silently_and_double_nothing() {
    let people = 10;
    let days = (0..people).map(|person| one_bad_day(0x9e37_79b9_7f4a_7c15 + person, kills().div_ceil(10)));
    let results = futures::future::join_all(days).await;
    let told: usize = results.iter().map(|(told, _)| told).sum();
    assert!(told > 0, "keys were in flight when links were killed");
}
