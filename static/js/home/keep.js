// What this phone keeps for its code: one record in the browser's own database. The key cannot be
// taken out of it again, not even by this page.

const NAME = "linli-pass";
const STORE = "code";
const RECORD = "mine";

function open() {
  return new Promise((give, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => give(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function ask(mode, what) {
  const base = await open();
  try {
    return await new Promise((give, fail) => {
      const asked = what(base.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => give(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  } finally {
    base.close();
  }
}

export const read = () => ask("readonly", (store) => store.get(RECORD));
export const write = (record) => ask("readwrite", (store) => store.put(record, RECORD));
export const clear = () => ask("readwrite", (store) => store.delete(RECORD));
