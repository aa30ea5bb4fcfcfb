import t from 'tap'
import { fileInput, fileLabel, fileFailure, normalizeFile } from '../../src/sources/file.js'

const file = (path: string, folder = '/etc/camgate') => normalizeFile({ type: 'file', path }, folder)
const source = file('demo.mp4')

t.test('a file', async t => {
  t.test('is looked for next to cameras.yaml', async t => {
    t.equal(source.path, '/etc/camgate/demo.mp4')
    t.equal(file('../films/a b.avi').path, '/etc/films/a b.avi')
    t.equal(file('/srv/a.avi').path, '/srv/a.avi')
    t.equal(fileLabel(source), '/etc/camgate/demo.mp4')
  })
  t.test('is never an option of ffmpeg, another protocol or a series of files', async t => {
    for (const path of ['-i', 'concat:a|b', 'pipe:0', 'a%03d.jpg']) t.equal(fileInput(file(path)).name, `file:/etc/camgate/${path}`)
    t.match(fileInput(source).args.join(' '), /-stream_loop -1 .*-protocol_whitelist file$/)
    t.match(fileInput(file('a%03d.JPG')).args.join(' '), /-f jpeg_pipe$/)
  })
  t.test('has no address', async t => {
    for (const address of ['http://host/a.mp4', 'RTSP://u:hunter2@host']) {
      const { message } = t.throws(() => file(address), { code: 'SOURCE' }) as unknown as Error
      t.match(message, /the path of a file .* received an address/)
      t.notMatch(message, /hunter2/)
    }
    t.throws(() => file('a\0b'), { code: 'SOURCE', message: /control characters/ })
  })
  t.test('gets a sentence for each failure, with any version of ffmpeg', async t => {
    const failureOf = (...stderr: string[]) => fileFailure(source, stderr)
    const [found, permitted, readable] = [/no file \/etc\/camgate\/demo.mp4\. Check the path/, /may not read/, /no pictures that ffmpeg can read/]
    t.match(failureOf('[error] file:/etc/camgate/demo.mp4: No such file or directory'), { code: 'not-found', message: found })
    t.match(failureOf('[in#0 @ 0x22cdbac0] [error] Error opening input: No such file or directory'), { code: 'not-found', message: found })
    t.match(failureOf('[error] file:/etc/camgate/demo.mp4: Permission denied'), { code: 'not-permitted', message: permitted })
    t.match(failureOf('[error] file:/etc/camgate: Is a directory'), { code: 'unsupported', message: /a folder/ })
    t.match(failureOf("[fatal] Stream map '0:v:0' matches no streams."), { code: 'unsupported', message: readable })
    t.match(failureOf('[error] file:/etc/camgate/demo.mp4: Invalid data found when processing input'), { code: 'unsupported', message: readable })
    t.match(failureOf("[http @ 0x5605d148e0c0] [error] Protocol 'http' not on whitelist 'file'!"), { code: 'unsupported', message: readable })
    t.match(failureOf('[error] file:/etc/camgate/a.h264: Operation not permitted'), { code: 'unsupported', message: /-c copy/ })
    t.match(failureOf("[concat @ 0x564d6df6ca40] [error] Unsafe file name '/srv/a.mp4'", '[error] file:/etc/camgate/demo.mp4: Operation not permitted'), { code: 'unsupported', message: /^The list \/etc\/camgate\/demo.mp4 names a file in a way/ })
    t.match(failureOf("[concat @ 0x55c3fd72ba40] [error] Impossible to open 'file:/etc/camgate/b.mp4'", '[error] file:/etc/camgate/demo.mp4: No such file or directory'), { code: 'not-found', message: /^The list .* names a file that is not there/ })
    t.match(failureOf('[png @ 0x1] [IMGUTILS @ 0x7] [error] Picture size 20000x20000 exceeds specified max pixel count 33554432', '[error] Invalid data found when processing input'), {
      code: 'unsupported', message: 'The picture in /etc/camgate/demo.mp4 of 20000x20000 is larger than camgate reads (33 megapixels). Make it smaller.'
    })
    t.equal(failureOf('[info] Stream #0:0: Video: h264'), undefined)
  })
})
