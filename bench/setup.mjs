// Before `npm run bench`: the programs that camgate is compared with. One that cannot be had is said, and left out.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { defaultCacheDir } from '../dist/simulator/clip-cache.js'
import { aptInstall, run, say, SetupError } from '../src/setup/steps.mjs'
import { installCommand, isDebianRoot } from '../src/setup/system.mjs'

const PYTHON = '/usr/bin/python3'
const PACKAGES = ['opencv-python-headless>=4.8,<5', 'flask>=3,<4', 'waitress>=3,<4']
const folder = join(defaultCacheDir(), 'peers')

const hasMotion = () => spawnSync('motion', ['-h'], { stdio: 'ignore' }).error === undefined
const hasPackages = () => existsSync(folder) && spawnSync(join(folder, 'bin/python'), ['-c', 'import cv2, flask, waitress']).status === 0

get('Motion', hasMotion, installCommand('motion'), () => { if (isDebianRoot()) aptInstall(['motion']) })
get('OpenCV, Flask and Waitress', hasPackages, `pip install ${PACKAGES.join(' ')} in a virtual environment at ${folder}`, () => {
  rmSync(folder, { recursive: true, force: true })
  run(PYTHON, ['-m', 'venv', folder], 'Python has made no virtual environment')
  run(join(folder, 'bin/pip'), ['install', '--quiet', '--retries', '1', '--only-binary', ':all:', ...PACKAGES], 'pip has installed nothing')
})

function get (/** @type {string} */ what, /** @type {() => boolean} */ isThere, /** @type {string} */ how, /** @type {() => void} */ install) {
  if (isThere()) return
  try {
    install()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
  }
  if (!isThere()) say(`the benchmarks will LEAVE OUT ${what}. To have them: ${how}`)
}
