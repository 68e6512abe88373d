import { allocate, mark, release } from '../../assembly/memory'

describe('the arena', () => {
  it('hands out 64-byte aligned stretches that do not overlap', () => {
    const before = mark()
    const first = allocate(100)
    const second = allocate(1)
    expect(<i32>(first & 63)).toBe(0)
    expect(<i32>(second & 63)).toBe(0)
    expect(second >= first + 100).toBe(true)
    release(before)
  })

  it('hands out the same address again after a release', () => {
    const before = mark()
    const first = allocate(1000)
    release(before)
    expect(allocate(8)).toBe(first)
    release(before)
  })

  it('returns 0 for more than 4 GiB and stays usable', () => {
    const before = mark()
    expect(allocate(0xfffffff0)).toBe(0)
    expect(mark()).toBe(before)
    expect(allocate(64) > 0).toBe(true)
    release(before)
  })
})
