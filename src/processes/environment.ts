/** The variables that every program gets. None of them is set for camgate itself, as a camera's password may be. */
const FOR_ALL_PROGRAMS = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|XDG_RUNTIME_DIR|LD_LIBRARY_PATH|LIBCAMERA_\w+)$/

/**
 * ffmpeg also gets the locations of decoder drivers, caches, certificates and fonts. A whole family of names is listed only if none of them
 * is a secret, as NVIDIA_API_KEY is.
 */
const FOR_FFMPEG = new RegExp('^(' + [
  'LIBVA_\\w+', 'VDPAU_DRIVER(_PATH)?', 'MESA_\\w+', 'DRI_PRIME', 'ONEVPL_\\w+', 'INTEL_MEDIA_RUNTIME', 'LIBV4L\\w*', 'LD_PRELOAD',
  'NVIDIA_(VISIBLE_DEVICES|DRIVER_CAPABILITIES)', 'CUDA_(VISIBLE_DEVICES|DEVICE_ORDER|CACHE_\\w+|MODULE_LOADING|MPS_\\w+)',
  'XDG_CACHE_HOME', 'FONTCONFIG_(FILE|PATH)', 'SSL_CERT_(FILE|DIR)'
].join('|') + ')$')

const only = (env: NodeJS.ProcessEnv, ...lists: readonly RegExp[]): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => lists.some(list => list.test(name))))

/** For users' own commands and cameras' tools. */
export const commandEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => only(env, FOR_ALL_PROGRAMS)

/** For every ffmpeg that camgate starts. */
export const ffmpegEnvironment = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => only(env, FOR_ALL_PROGRAMS, FOR_FFMPEG)
