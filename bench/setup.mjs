// Runs before `npm run bench`: installs the programs that camgate is compared with. Prints which ones cannot be installed; they are left out.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { defaultCacheDir } from '../dist/clips/clip-cache.js'
import { aptInstall } from '../src/setup/ffmpeg.mjs'
import { run, say, SetupError } from '../src/setup/run.mjs'
import { installCommand, isDebianRoot } from '../src/setup/system.mjs'

const PYTHON = '/usr/bin/python3'
const PACKAGES = ['opencv-python-headless>=4.8,<5', 'flask>=3,<4', 'waitress>=3,<4']
const folder = join(defaultCacheDir(), 'peers')

const hasMotion = () => spawnSync('motion', ['-h'], { stdio: 'ignore' }).error === undefined
const hasPackages = () => existsSync(folder) && spawnSync(join(folder, 'bin/python'), ['-c', 'import cv2, flask, waitress']).status === 0

await get('Motion', hasMotion, installCommand('motion'), async () => { if (isDebianRoot()) await aptInstall(['motion']) })
await get('OpenCV, Flask and Waitress', hasPackages, `pip install ${PACKAGES.join(' ')} in a virtual environment at ${folder}`, async () => {
  rmSync(folder, { recursive: true, force: true })
  await run(PYTHON, ['-m', 'venv', folder], 'Python could not make a virtual environment')
  await run(join(folder, 'bin/pip'), ['install', '--quiet', '--retries', '1', '--only-binary', ':all:', ...PACKAGES], 'pip could not install the packages')
})

async function get (/** @type {string} */ what, /** @type {() => boolean} */ isThere, /** @type {string} */ how, /** @type {() => Promise<void>} */ install) {
  if (isThere()) return
  try {
    await install()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
  }
  if (!isThere()) say(`the benchmarks will LEAVE OUT ${what}. To have them: ${how}`)
}
