#!/bin/bash
# Stands in for ffmpeg: the quality of a camera's pictures selects a fault, which lasts until there is a file of its name in $MENDED.
# Passes everything else to the real one, $REAL_FFMPEG.
case " $* " in
  *' concat '*) ;;
  *) exec "$REAL_FFMPEG" "$@" ;;
esac
case " $* " in
  *' -q:v 11 '*) fault=deaf ;;
  *' -q:v 12 '*) fault=lines ;;
  *' -q:v 13 '*) fault=line ;;
  *) fault=none ;;
esac
if [ ! -e "$MENDED/$fault" ]; then
  case $fault in
    deaf) trap '' TERM; exec sleep 600 ;;
    lines) yes '[error] the same complaint, over and over' | head -n 2400000 >&2; exit 1 ;;
    line) head -c 100000000 /dev/zero | tr '\0' 'x' >&2; exit 1 ;;
  esac
fi
exec "$REAL_FFMPEG" "$@"
