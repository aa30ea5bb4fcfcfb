#!/bin/bash
# Stands in for an ffmpeg on a machine with webcams. It prints the file in $DEVICES with the device's name, and sends JPEGs of the requested
# size and rate, or fails because another program uses the device. Passes everything else to the real one, $REAL_FFMPEG.
case " $* " in
  *' -f v4l2 '*) ;;
  *) exec "$REAL_FFMPEG" "$@" ;;
esac
args=() list=
while [ $# -gt 0 ]; do
  case $1 in
    -list_formats) list=yes; shift ;;
    -input_format) shift ;;
    -video_size) size=$2; shift ;;
    -framerate) rate=$2; shift ;;
    -f) if [ "$2" = v4l2 ]; then shift; else args+=("$1"); fi ;;
    -i) device=$2; args+=(-f mjpeg -i pipe:0); shift ;;
    *) args+=("$1") ;;
  esac
  shift
done
file=$DEVICES/${device##*/}
if [ ! -e "$file" ]; then
  echo "[video4linux2,v4l2 @ 0x1] [error] Cannot open video device $device: No such file or directory" >&2
  exit 1
elif [ "$list" ]; then
  cat "$file" >&2
  exit 1
elif [ -e "$file.busy" ]; then
  echo "[video4linux2,v4l2 @ 0x1] [error] ioctl(VIDIOC_STREAMON): Device or resource busy" >&2
  exit 1
fi
exec "$REAL_FFMPEG" "${args[@]}" < <(exec "$REAL_FFMPEG" -v error -re -f lavfi -i "testsrc2=size=$size:rate=$rate" -c:v mjpeg -f mjpeg -flush_packets 1 pipe:1)
