import asyncio


async def fetch(page):
    await asyncio.sleep(0.01 * page)
    if page % 2:
        raise ValueError(f"page {page} is empty")
    return page


async def main():
    async with asyncio.TaskGroup() as group:
        for page in (1, 2, 3):
            group.create_task(fetch(page))


asyncio.run(main())
