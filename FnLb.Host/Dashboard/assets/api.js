// Calls of the admin API. Paths are relative to the page, so that it works behind a prefix too.

const TokenKey = "fnlb-token";

export const token = {
  get: () => sessionStorage.getItem(TokenKey) ?? "",
  set: (value) => value ? sessionStorage.setItem(TokenKey, value) : sessionStorage.removeItem(TokenKey),
};

/** Answers the response; a body is sent as JSON. */
export function send(method, path, body, signal) {
  const headers = {};
  if (token.get()) {
    headers.Authorization = `Bearer ${token.get()}`;
  }

  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }

  return fetch(path, { method, headers, signal, cache: "no-store", body: body && JSON.stringify(body) });
}

/** Answers what the API said in JSON; throws an Error with the API's own words when it refused. */
export async function call(method, path, body) {
  const response = await send(method, path, body);
  const answer = await response.json().catch(() => ({ msg: `${response.status} ${response.statusText}` }));
  if (!response.ok) {
    const error = new Error(answer.msg ?? `answered ${response.status}`);
    error.status = response.status;
    throw error;
  }

  return answer;
}
