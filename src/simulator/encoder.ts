export type Codec = 'h264' | 'h265' | 'mjpeg'

/** What ffmpeg is told so that the pictures come out as a camera codes them: a key picture a second, each picture decoded at once. */
export function encoderArguments ({ codec, fps }: { codec: Codec; fps: number }): string[] {
  const keyEvery = Math.max(1, Math.round(fps))
  const rate = ['-crf', '23', '-maxrate', '1M', '-bufsize', '1M']
  switch (codec) {
    // RFC 2435 has no room for Huffman tables, so MJPEG keeps to the standard ones.
    case 'mjpeg': return ['-c:v', 'mjpeg', '-huffman', 'default', '-pix_fmt', 'yuvj420p', '-q:v', '4', '-f', 'mjpeg']
    case 'h264': return [
      '-c:v', 'libx264', '-profile:v', 'main', '-preset', 'veryfast', '-pix_fmt', 'yuv420p',
      '-bf', '0', '-g', `${keyEvery}`, '-keyint_min', `${keyEvery}`, '-sc_threshold', '0', '-x264-params', 'slices=1:sliced-threads=0',
      ...rate, '-f', 'h264'
    ]
    case 'h265': return [
      '-c:v', 'libx265', '-preset', 'superfast', '-pix_fmt', 'yuv420p', '-x265-params',
      `keyint=${keyEvery}:min-keyint=${keyEvery}:scenecut=0:open-gop=0:bframes=0:repeat-headers=1:log-level=none`,
      ...rate, '-f', 'hevc'
    ]
  }
}
