//! Where inputs and outputs lie.
#![cfg(feature = "run")]

use mqtt_benches::place::{input, output, room};

#[test]
fn inputs_and_outputs_lie_apart() {
    let (input, mut output, room) = (input(b"packet"), output(6), room(6));
    output.extend_from_slice(&input);
    assert_eq!((&input[..], &output[..], &room[..]), (&b"packet"[..], &b"packet"[..], &[0; 6][..]));
    assert_eq!([input.as_ptr(), output.as_ptr(), room.as_ptr()].map(|start| start.addr() % 4096), [2048, 0, 0]);
}
