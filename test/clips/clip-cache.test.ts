import { readdir, readFile, stat, symlink, writeFile, chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { cachedClip, defaultCacheDir } from '../../src/clips/clip-cache.js'
import { loadClip } from '../../src/clips/clip.js'
import { until } from '../e2e/until.js'
import { smallScene } from '../simulator/small.js'

const ffmpegPath = findFfmpeg()!

t.test('the cache of clips', async t => {
  t.test('is in the standard folder for caches', async t => {
    const [cache, home] = [join(t.testdir({}), 'cache'), t.testdirName]
    t.equal(defaultCacheDir({ XDG_CACHE_HOME: cache, HOME: home }), join(cache, 'camgate'))
    t.equal(defaultCacheDir({ HOME: home }), join(home, '.cache/camgate'))
    t.equal(defaultCacheDir({}, () => home), join(home, '.cache/camgate'))
  })
  t.test('is in a temporary folder for a user without a home', async t => {
    const homeless = () => { throw new Error('ENOENT: uv_os_homedir') }
    const own = join(tmpdir(), `camgate-${process.getuid!()}`)
    t.equal(defaultCacheDir({}, homeless), own)
    const { uid, mode } = await stat(own)
    t.same([uid, mode & 0o777], [process.getuid!(), 0o700])
  })
  t.test('is in a new folder if that one belongs to another user', async t => {
    const place = t.testdir({})
    const { TMPDIR } = process.env
    process.env.TMPDIR = place
    t.teardown(() => { if (TMPDIR === undefined) delete process.env.TMPDIR; else process.env.TMPDIR = TMPDIR })
    await symlink('/etc', join(place, `camgate-${process.getuid!()}`))
    const found = defaultCacheDir({}, () => { throw new Error('none') })
    t.match(found, new RegExp(`^${place}/camgate-\\w{6}$`))
  })
  t.test('makes one clip for simultaneous calls, and leaves nothing else behind', async t => {
    const directory = join(t.testdir(), "it's: [odd]")
    const paths = await Promise.all([1, 2, 3].map(() => cachedClip(smallScene(), { ffmpegPath, directory })))
    t.equal(new Set(paths).size, 1)
    t.equal((await readdir(directory)).length, 1)
    const made = await readFile(paths[0]!)
    t.ok(made.length > 5_000)
    await writeFile(paths[0]!, 'kept')
    await cachedClip(smallScene(), { ffmpegPath, directory })
    t.equal(String(await readFile(paths[0]!)), 'kept')
  })
  t.test('takes a clip that is ready, and then needs neither ffmpeg nor a cache', async t => {
    const ready = t.testdir()
    const made = await cachedClip(smallScene(), { ffmpegPath, directory: ready })
    t.equal(await cachedClip(smallScene(), { ffmpegPath: '/no/ffmpeg', directory: '/proc/none', ready }), made)
  })
  t.test('has a clip for each scene', async t => {
    const directory = t.testdir()
    const scenes = [smallScene(), smallScene('mjpeg'), { ...smallScene(), id: '2' }, { ...smallScene(), name: "%{n}:'\\ é" }, { ...smallScene(), width: 256 }]
    const paths = await Promise.all(scenes.map(scene => cachedClip(scene, { ffmpegPath, directory })))
    t.equal(new Set(paths).size, scenes.length)
  })
  t.test('has a test picture made by an ffmpeg that cannot write text', async t => {
    const directory = t.testdir({ ffmpeg: `#!/bin/sh\ncase "$*" in *drawtext*) echo "Error initializing complex filters.\\nFilter not found" >&2; exit 8;; esac\nexec ${ffmpegPath} "$@"\n` })
    await chmod(join(directory, 'ffmpeg'), 0o755)
    const plain = await cachedClip(smallScene(), { ffmpegPath: join(directory, 'ffmpeg'), directory })
    t.equal((await loadClip(plain, smallScene())).pictures.length, 20)
    t.not(await cachedClip(smallScene(), { ffmpegPath, directory }), plain, 'another ffmpeg does not use it')
  })
  t.test('throws the reason if a clip cannot be made, and leaves nothing behind', async t => {
    const directory = t.testdir()
    await t.rejects(cachedClip(smallScene(), { ffmpegPath: '/no/ffmpeg', directory }), { code: 'CLIP_FAILED', message: /camera 1: .*ENOENT/ })
    await t.rejects(cachedClip({ ...smallScene(), width: -1 }, { ffmpegPath, directory }), { code: 'CLIP_FAILED', message: /-1x240/ })
    t.same(await readdir(directory), [])
  })
  t.test('can be cancelled, and then ffmpeg is gone', async t => {
    const directory = t.testdir({ ffmpeg: '#!/bin/sh\necho $$ > ../pid\nexec sleep 60\n' })
    await chmod(join(directory, 'ffmpeg'), 0o755)
    const abort = new AbortController()
    const clip = cachedClip(smallScene(), { ffmpegPath: join(directory, 'ffmpeg'), directory }, abort.signal)
    let running = 0
    await until('it has written its pid', async () => {
      running = Number(await readFile(join(directory, 'pid'), 'utf8').catch(() => ''))
      return running > 0
    })
    t.ok(process.kill(running, 0))
    abort.abort(new Error('cancelled'))
    await t.rejects(clip, { message: 'cancelled' })
    t.throws(() => process.kill(running, 0), { code: 'ESRCH' })
    t.same((await readdir(directory)).sort(), ['ffmpeg', 'pid'])
  })
})
