import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'

t.test('the search for ffmpeg', async t => {
  const folder = t.testdir({
    first: { ffmpeg: 'not executable' },
    second: { ffmpeg: '#!/bin/sh\n' },
    static: { ffmpeg: '#!/bin/sh\necho " T.C drawtext          V->V       Draw text."\n' },
    mute: { ffmpeg: '#!/bin/sh\necho " T.C drawbox           V->V       Draw a box."\n' }
  })
  for (const name of ['second', 'static', 'mute']) chmodSync(join(folder, name, 'ffmpeg'), 0o755)
  const PATH = [join(folder, 'none'), join(folder, 'first'), join(folder, 'second')].join(':')

  t.test('returns FFMPEG_PATH unchecked', async t => {
    t.equal(findFfmpeg({ FFMPEG_PATH: '/opt/ffmpeg', PATH }), '/opt/ffmpeg')
  })
  t.test('prefers ffmpeg-static to PATH if its binary exists and draws text', async t => {
    const withStatic = async (name: string) => (await t.mockImport<typeof import('../../src/ffmpeg/binary.js')>('../../src/ffmpeg/binary.js', {
      'node:module': { createRequire: () => () => join(folder, name, 'ffmpeg') }
    })).findFfmpeg
    t.equal((await withStatic('static'))({ PATH }), join(folder, 'static/ffmpeg'))
    t.equal((await withStatic('mute'))({ PATH }), join(folder, 'second/ffmpeg'))
    t.equal((await withStatic('mute'))({}, []), join(folder, 'mute/ffmpeg'), 'or if it is the only one')
  })
  t.test('returns the first in PATH that can be run', async t => {
    const { findFfmpeg } = await t.mockImport<typeof import('../../src/ffmpeg/binary.js')>('../../src/ffmpeg/binary.js', {
      'node:module': { createRequire: () => () => join(folder, 'gone') } // installed, but its download failed
    })
    t.equal(findFfmpeg({ PATH }), join(folder, 'second/ffmpeg'))
    t.equal(findFfmpeg({ PATH: join(folder, 'first') }, []), undefined)
    t.equal(findFfmpeg({}, []), undefined)
    t.equal(findFfmpeg({ PATH: join(folder, 'none') }, [join(folder, 'second')]), join(folder, 'second/ffmpeg'))
  })
})
