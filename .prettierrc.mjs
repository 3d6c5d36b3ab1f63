/**
 * The XML plugin lives beside prettier, wherever that is installed, and not in this
 * repository: it is looked up from the program that runs.
 */
import { createRequire } from "node:module";

const beside = createRequire(process.argv[1]);

export default {
    plugins: [beside.resolve("@prettier/plugin-xml")],
    printWidth: 100,
    tabWidth: 4,
    bracketSpacing: true,
    trailingComma: "es5",
    proseWrap: "preserve",
    // Text of templates and mails is what people read: no space is added or removed.
    xmlWhitespaceSensitivity: "preserve",
    overrides: [{ files: ["*.yml", "*.yaml", "*.json", "*.md"], options: { tabWidth: 2 } }],
};
