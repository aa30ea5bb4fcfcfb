import t from 'tap'
import { Group } from '../../src/coded/group.js'
import type { PublishedPicture } from '../../src/coded/published-picture.js'
import { published } from './pictures.js'

const MEGABYTE = 1024 * 1024
const numbers = (group: Group<PublishedPicture>) => group.items.map(({ seq }) => seq)

t.test('a group', async t => {
  t.test('has the pictures since the last key picture, damaged ones too', async t => {
    const group = new Group<PublishedPicture>()
    group.add(published(1))
    t.same(numbers(group), [], 'none before the first key picture')
    for (const seq of [2, 3, 4]) group.add(published(seq, { key: seq === 2, damaged: seq === 3 }))
    t.same(numbers(group), [2, 3, 4])
    t.same([group.bytes, group.durationMs, group.exceeded], [300, 80, undefined])
    group.add(published(5, { key: true }))
    t.same([numbers(group), group.bytes, group.durationMs], [[5], 100, 0])
    group.clear()
    group.add(published(6))
    t.same([numbers(group), group.bytes, group.durationMs], [[], 0, 0])
  })
  t.test('holds the very pictures that it was given', async t => {
    const group = new Group<PublishedPicture>()
    const picture = published(1, { key: true })
    group.add(picture)
    t.equal(group.items[0], picture)
  })
  t.test('of more than 8 MB is dropped whole, and nothing is kept until the next key picture', async t => {
    const group = new Group<PublishedPicture>()
    const add = (seq: number, bytes: number, key = false) => group.add(published(seq, { key, bytes: Buffer.alloc(bytes) }))
    add(1, MEGABYTE - 512, true)
    for (let seq = 2; seq <= 8; seq++) add(seq, MEGABYTE - 512)
    t.equal(group.items.length, 8, 'just within the limit')
    add(9, 0)
    t.same([numbers(group), group.bytes, group.exceeded], [[], 0, 'bytes'])
    add(10, 1)
    t.same([numbers(group), group.exceeded], [[], 'bytes'])
    add(11, 1, true)
    t.same([numbers(group), group.exceeded], [[11], undefined])
    add(12, 8 * MEGABYTE, true)
    t.same([numbers(group), group.exceeded], [[], 'bytes'], 'a key picture too large by itself')
  })
  t.test('of tiny pictures is limited as well', async t => {
    const group = new Group<PublishedPicture>()
    const byte = Buffer.alloc(1)
    for (let seq = 1; seq < 20_000 && !group.exceeded; seq++) group.add(published(seq, { key: seq === 1, bytes: byte, at: 0 }))
    t.equal(group.exceeded, 'bytes')
  })
  t.test('of more than 12 seconds is dropped whole', async t => {
    const group = new Group<PublishedPicture>()
    group.add(published(1, { key: true, at: 1_000 }))
    group.add(published(2, { at: 13_000 }))
    t.same([numbers(group), group.durationMs], [[1, 2], 12_000])
    group.add(published(3, { at: 13_001 }))
    t.same([numbers(group), group.exceeded], [[], 'time'])
    group.clear()
    t.equal(group.exceeded, undefined)
  })
})
