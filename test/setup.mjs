// Runs before `npm test`: installs the service's dependencies, then those of tests. If one of the latter cannot be installed, it prints a message and
// skips the tests that need it.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { aptInstall } from '../src/setup/ffmpeg.mjs'
import { root, run, say, SetupError, step } from '../src/setup/run.mjs'
import { setUp } from '../src/setup/steps.mjs'
import { installCommand, isDebianRoot } from '../src/setup/system.mjs'

const PYTHON = '/usr/bin/python3' // the system's own, because its GStreamer bindings belong to it
const PHP = process.env.PHP_PATH ?? '/usr/bin/php'
const OPENCV = 'opencv-python-headless>=4.8,<5'
const SCHEMATHESIS = 'schemathesis==4.32.5'
/** For pip: what the small examples in Python name, as their users install it. */
const REQUIREMENTS = ['flask', 'fastapi'].flatMap(example => ['-r', join(root, 'docs/examples', example, 'requirements.txt')])
const NODE_RED = 'node-red@4.1.8' // the newest that runs on Node.js 20
const KUBERNETES_VALIDATE = 'kubernetes-validate==1.37.0' // contains the schemas of Kubernetes 1.37
const FFMPEG_7 = 'imageio-ffmpeg==0.6.0' // contains ffmpeg 7.0.2
const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const SBIN = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin']
/** A script that tells Debian's packages whether they may start their services: 101 means no. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d'

const succeeds = (/** @type {string} */ program, /** @type {string[]} */ ...args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0

/** The folder for pip's packages. It is outside the clone, so that a fresh clone finds it. */
async function cacheFolder () {
  const { defaultCacheDir } = await import('../dist/clips/clip-cache.js')
  return defaultCacheDir()
}

await setUp({
  tests: true,
  async withPackages () {
    const { transpileAll } = await import('./loader/transpile.mjs')
    await transpileAll()
  }
})

const cache = await cacheFolder()
const folder = join(cache, 'opencv')
const hasOpencv = () => succeeds(join(folder, 'bin/python'), '-c', 'import importlib.util, sys; sys.exit(not importlib.util.find_spec("cv2"))')
const schemathesis = join(cache, 'schemathesis')
const hasSchemathesis = () => existsSync(join(schemathesis, 'bin/schemathesis'))
const flask = join(cache, 'examples')
const hasFlask = () => succeeds(join(flask, 'bin/python'), '-c', 'import fastapi, flask_wtf, httpx, itsdangerous, jwt, requests, uvicorn')
const express = join(cache, 'express')
const nodeRed = join(cache, 'node-red')
const hasNodeRed = () => existsSync(join(nodeRed, 'node_modules/node-red/red.js'))
const hasExpress = () => ['cookie-session', 'express', 'jose', 'tsx'].every(name => existsSync(join(express, 'node_modules', name)))
const site = join(root, 'docs/.vitepress')
const hasSite = () => existsSync(join(site, 'node_modules/vitepress'))

await have('a browser', ['chromium'], () => existsSync(CHROMIUM))
await have('Firefox', ['firefox-esr'], () => [process.env.FIREFOX_PATH, 'firefox-esr', 'firefox'].some(program => program && succeeds(program, '--version')))
for (const [what, program, name] of /** @type {const} */ ([['nginx', 'nginx', 'nginx-light'], ['Caddy', 'caddy', 'caddy'], ['HAProxy', 'haproxy', 'haproxy']])) {
  await have(what, [name], () => SBIN.some(folder => existsSync(join(folder, program))), installServer)
}
await have('Prometheus', ['prometheus', 'prometheus-alertmanager'], () => ['promtool', 'amtool'].every(program => succeeds(program, '--version')), installServer)
await have('a lossy network', ['nftables'], () => succeeds('nft', '--version'))
await have('GStreamer\'s RTSP server', [
  'gir1.2-gst-rtsp-server-1.0', 'python3-gi', 'gstreamer1.0-plugins-base', 'gstreamer1.0-plugins-good', 'gstreamer1.0-plugins-bad', 'gstreamer1.0-plugins-ugly'
], () => succeeds(PYTHON, join(root, 'test/e2e/gstreamer/server.py'), 'check'))
await have('buildah', ['buildah'], () => succeeds('buildah', '--version'))
await have('PHP', ['php-cli'], () => succeeds(PHP, '--version'))
await have('Django', ['python3-django'], () => succeeds(PYTHON, '-c', 'import django'))
await have('Debian\'s OpenCV', ['python3-opencv'], () => succeeds(PYTHON, '-c', 'import cv2'))
if (await have('OpenCV', ['python3-venv'], () => hasOpencv() || succeeds(PYTHON, '-c', 'import ensurepip, venv')) && !hasOpencv()) await installOpencv()
if (!existsSync(join(cache, 'ffmpeg-7'))) await installFfmpeg7()
if (!hasSchemathesis()) await installSchemathesis()
if (!hasFlask()) await installFlask()
if (!hasExpress()) await installExpress()
if (!hasNodeRed()) await installNodeRed()
if (!hasSite()) await installSite()
if (!existsSync(join(cache, 'kubernetes-validate/bin/kubernetes-validate'))) await installKubernetesValidate()

/** Returns whether it is installed. Tries to install it first as root on Debian. */
async function have (/** @type {string} */ what, /** @type {string[]} */ packages, /** @type {() => boolean} */ isInstalled, install = aptInstall) {
  if (isInstalled()) return true
  if (isDebianRoot()) await attempt(() => install(packages, what))
  if (isInstalled()) return true
  say(`the tests with ${what} will be skipped. To have them (named as in Debian): ${installCommand(packages.join(' '))}`)
  return false
}

/** Installs the package of a server without starting its service. With systemd it would start with the machine, which is not for tests to arrange. */
async function installServer (/** @type {string[]} */ packages, /** @type {string} */ what) {
  if (existsSync('/run/systemd/system')) return
  const isOurs = !existsSync(SERVICE_POLICY)
  if (isOurs) writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await aptInstall(packages, what)
  } finally {
    if (isOurs) rmSync(SERVICE_POLICY)
  }
}

/** Into a virtual environment of its own. */
async function installWithPip (/** @type {string} */ what, /** @type {readonly string[]} */ packages, /** @type {string} */ environment) {
  rmSync(environment, { recursive: true, force: true })
  await attempt(() => step(`installed ${what} into ${environment} with pip`, async () => {
    await run(PYTHON, ['-m', 'venv', environment], 'Python has made no virtual environment')
    await run(join(environment, 'bin/pip'), ['install', '--quiet', '--retries', '1', '--only-binary', ':all:', ...packages], `${what} could not be installed`)
  }))
}

async function installSchemathesis () {
  await installWithPip('schemathesis', [SCHEMATHESIS], schemathesis)
  if (!hasSchemathesis()) say(`the test with schemathesis will be skipped. To have it, run npm test where pip can install "${SCHEMATHESIS}"`)
}

async function installKubernetesValidate () {
  const environment = join(cache, 'kubernetes-validate')
  await installWithPip('kubernetes-validate', [KUBERNETES_VALIDATE], environment)
  if (!existsSync(join(environment, 'bin/kubernetes-validate'))) say(`the test of Kubernetes' manifests will be skipped. To have it, run npm test where pip can install "${KUBERNETES_VALIDATE}"`)
}

async function installOpencv () {
  await installWithPip('OpenCV', [OPENCV], folder)
  if (!hasOpencv()) say(`the tests with OpenCV will be skipped. To have them, run npm test where pip can install "${OPENCV}"`)
}

async function installFlask () {
  await installWithPip('Flask and FastAPI', REQUIREMENTS, flask)
  if (!hasFlask()) say('the tests of the examples for Flask and FastAPI will be skipped. To have them, run npm test where pip can install the requirements.txt of docs/examples')
}

async function installExpress () {
  rmSync(express, { recursive: true, force: true })
  await attempt(() => step(`installed Express into ${express} with npm`, async () => {
    mkdirSync(express, { recursive: true })
    cpSync(join(root, 'docs/examples/express/package.json'), join(express, 'package.json'))
    await run('npm', ['install', '--prefix', express, '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--silent'], 'Express could not be installed')
  }))
  if (!hasExpress()) say('the test of the example for Express will be skipped. To have it, run npm test where npm can install docs/examples/express/package.json')
}

async function installNodeRed () {
  const partial = `${nodeRed}.partial`
  rmSync(partial, { recursive: true, force: true })
  await attempt(() => step(`installed Node-RED into ${nodeRed} with npm`, async () => {
    mkdirSync(partial, { recursive: true })
    await run('npm', ['install', '--prefix', partial, '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', NODE_RED], 'Node-RED could not be installed')
    rmSync(nodeRed, { recursive: true, force: true })
    renameSync(partial, nodeRed)
  }))
  if (!hasNodeRed()) say(`the test with Node-RED will be skipped. To have it, run npm test where npm can install ${NODE_RED}`)
}

/** What makes the site of the docs, into the cache: a fresh clone gets a link to it. `npm run docs` installs it into the clone. */
async function installSite () {
  const packages = join(cache, 'site')
  const lock = 'package-lock.json'
  const isInstalled = () => existsSync(join(packages, 'node_modules/vitepress')) && readFileSync(join(packages, lock), 'utf8') === readFileSync(join(site, lock), 'utf8')
  if (!isInstalled()) {
    await attempt(() => step(`installed VitePress into ${packages} with npm`, async () => {
      rmSync(packages, { recursive: true, force: true })
      mkdirSync(packages, { recursive: true })
      for (const file of ['package.json', lock]) cpSync(join(site, file), join(packages, file))
      await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], 'VitePress could not be installed', packages)
    }))
  }
  if (isInstalled()) {
    rmSync(join(site, 'node_modules'), { recursive: true, force: true }) // a link to a cache that was emptied, or what an interrupted npm ci has left
    symlinkSync(join(packages, 'node_modules'), join(site, 'node_modules'))
  } else say('the test of the site will be skipped. To have it, run npm ci in docs/.vitepress')
}

async function installFfmpeg7 () {
  const partial = join(cache, 'ffmpeg-7.partial')
  await attempt(() => step(`installed ffmpeg 7 into ${cache} with pip`, async () => {
    await run(join(folder, 'bin/pip'), ['install', '--quiet', '--retries', '1', '--no-deps', '--only-binary', ':all:', '--upgrade', '--target', partial, FFMPEG_7], 'ffmpeg 7 could not be installed')
    renameSync(partial, join(cache, 'ffmpeg-7'))
  }))
  if (!existsSync(join(cache, 'ffmpeg-7'))) say(`the test with ffmpeg 7 will be skipped. To have it, run npm test where pip can install "${FFMPEG_7}"`)
}

/** Installs something that only tests need. Prints an error and goes on. */
async function attempt (/** @type {() => Promise<void>} */ install) {
  try {
    await install()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
  }
}
