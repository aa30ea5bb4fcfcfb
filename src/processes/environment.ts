/** What of camgate's own environment every program is given that it starts: nothing that a person put there for camgate, such as a camera's password. */
const EVERYBODY = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|XDG_RUNTIME_DIR|LD_LIBRARY_PATH|LIBCAMERA_\w+)$/

/**
 * What ffmpeg is given besides: where drivers of decoders, their caches, certificates and fonts are. Whole families only where no name of
 * theirs is a secret's: NVIDIA_API_KEY is one.
 */
const FFMPEG = new RegExp('^(' + [
  'LIBVA_\\w+', 'VDPAU_DRIVER(_PATH)?', 'MESA_\\w+', 'DRI_PRIME', 'ONEVPL_\\w+', 'INTEL_MEDIA_RUNTIME', 'LIBV4L\\w*', 'LD_PRELOAD',
  'NVIDIA_(VISIBLE_DEVICES|DRIVER_CAPABILITIES)', 'CUDA_(VISIBLE_DEVICES|DEVICE_ORDER|CACHE_\\w+|MODULE_LOADING|MPS_\\w+)',
  'XDG_CACHE_HOME', 'FONTCONFIG_(FILE|PATH)', 'SSL_CERT_(FILE|DIR)'
].join('|') + ')$')

const only = (env: NodeJS.ProcessEnv, ...lists: readonly RegExp[]): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => lists.some(list => list.test(name))))

/** For commands of a person's own, and tools of cameras. */
export const commandEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => only(env, EVERYBODY)

/** For ffmpeg, wherever it is started. */
export const ffmpegEnvironment = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => only(env, EVERYBODY, FFMPEG)
