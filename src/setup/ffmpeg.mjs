// ffmpeg: from Debian's packages where that is possible, else by the person's own hands.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { run, SetupError, step } from './run.mjs'
import { installCommand, isDebianRoot } from './system.mjs'

/** Whether apt-get is to bring ffmpeg: there is none at first sight, and this is root on Debian. */
export const wantsDebianFfmpeg = () => isDebianRoot() && !process.env.FFMPEG_PATH && !existsSync('/usr/bin/ffmpeg') &&
  spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status !== 0

/** Looks as camgate itself does, and so only works once it is compiled. */
export async function checkFfmpeg () {
  const { findFfmpeg } = await import('../../dist/ffmpeg/binary.js')
  if (findFfmpeg()) return
  throw new SetupError(isDebianRoot()
    ? 'apt-get has installed ffmpeg, but it cannot be found: set FFMPEG_PATH.'
    : `ffmpeg is missing. Install it with\n\n  ${installCommand('ffmpeg')}\n\nor set FFMPEG_PATH, and start again.`)
}

/** Installs Debian's packages; as root only. Reinstalls those whose files were lost. Asks for new package lists only if the present ones do not do. */
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
