// English words of files that are not like others: protected, forms, portfolios.
import type { specialDe } from "./special.de";

export const specialEn: Record<keyof typeof specialDe, string> = {
  "password.title": "This file is protected",
  "password.text": "This file is protected by a password. Whoever provided it knows it; the council office can usually help.",
  "password.field": "Password of the file",
  "password.kept": "The password stays on this tablet, encrypted. You will not be asked for this file again.",
  "password.open": "Open the file",
  "nature.xfa": "This file is an XFA form, which only Adobe Acrobat can fill in and show. So all you see here is a page that says so. Please ask the council office for an ordinary PDF.",
  "nature.embedded.one": "There is {count} more file inside this one. It cannot be opened here; what stands on the pages can be read.",
  "nature.embedded.other": "There are {count} more files inside this one. They cannot be opened here; what stands on the pages can be read.",
  "nature.close": "Close the notice",
};
