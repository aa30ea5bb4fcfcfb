#!/bin/bash
# Stands in for ffmpeg on a machine that is too slow: lets the real one, $REAL_FFMPEG, run for 2 ms of each 100 until there is a file $MENDED.
# On a busy machine the timer that stops it fires late; the pause is then longer in proportion.
case " $* " in
  *' -f h264 '*|*' -f matroska '*) ;;
  *) exec "$REAL_FFMPEG" "$@" ;;
esac
"$NODE" -e '
  const { existsSync } = require("node:fs")
  const then = (signal, next, ms) => {
    try {
      process.kill(Number(process.argv[1]), signal)
      setTimeout(next, ms)
    } catch {} // it has ended
  }
  let began = 0
  const run = () => {
    began = performance.now()
    if (existsSync(process.env.MENDED)) then("SIGCONT", () => {}, 0)
    else then("SIGCONT", rest, 2)
  }
  const rest = () => then("SIGSTOP", run, Math.min(500, 49 * (performance.now() - began)))
  run()' $$ <&- >&- 2>&- 3>&- &
exec "$REAL_FFMPEG" "$@"
