#!/bin/bash
# Stands in for an ffmpeg on a machine with hardware decoders, where there is none: vaapi and v4l2m2m decode H.264, and vaapi no H.265; rkmpp
# does in a trial but not what cameras send; cuda never answers and qsv crashes. What is asked for is what $REAL_FFMPEG does in software.
args=()
while [ $# -gt 0 ]; do
  case $1 in
    -hwaccel) hardware=$2; shift ;;
    -hwaccel_output_format | -async_depth) shift ;;
    -c:v) case $2 in
        *_qsv | *_rkmpp | *_v4l2m2m) hardware=${2#*_}; shift ;;
        *) args+=("$1") ;;
      esac ;;
    hwdownload,format=nv12) args+=(format=nv12) ;;
    *) args+=("$1") ;;
  esac
  shift
done
case "$hardware ${args[*]}" in
  'cuda '*) exec sleep 600 ;;
  'qsv '*) kill -SEGV $$ ;;
  'vaapi '*hevc*) echo '[hevc @ 0x1] [error] No support for codec hevc profile 1.' >&2; exit 1 ;;
  'rkmpp '*mjpeg*) echo '[h264_rkmpp @ 0x1] [error] Failed to decode' >&2; exit 1 ;;
esac
exec "$REAL_FFMPEG" "${args[@]}"
