// Installs ffmpeg from Debian's packages if it can, or prints what the user can do.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { run, SetupError, step } from './run.mjs'
import { installCommand, isDebianRoot } from './system.mjs'

/** Whether to install ffmpeg with apt-get: this is root on Debian, and a quick look finds no ffmpeg. */
export const wantsDebianFfmpeg = () => isDebianRoot() && !process.env.FFMPEG_PATH && !existsSync('/usr/bin/ffmpeg') &&
  spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status !== 0

/** Looks for ffmpeg with camgate's own function, so camgate must be compiled already. */
export async function checkFfmpeg () {
  const { findFfmpeg } = await import('../../dist/ffmpeg/binary.js')
  if (findFfmpeg()) return
  throw new SetupError(isDebianRoot()
    ? 'apt-get has installed ffmpeg, but it cannot be found: set FFMPEG_PATH.'
    : `ffmpeg is missing. Install it with\n\n  ${installCommand('ffmpeg')}\n\nor set FFMPEG_PATH, and start again.`)
}

/** Installs Debian's packages; needs root. Reinstalls packages whose files were lost. Updates the package lists only if the existing ones are not enough. */
export async function aptInstall (/** @type {string[]} */ packages, what = packages.join(', ')) {
  const apt = (/** @type {string[]} */ ...args) =>
    run('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], `apt-get could not install ${what}`)
  const install = () => apt('install', '-y', '--reinstall', '--no-install-recommends', ...packages)
  await step(`installed ${what} with apt-get, because you are root on Debian or Ubuntu`, async () => {
    try {
      await install()
    } catch {
      await apt('update')
      await install()
    }
  })
}
