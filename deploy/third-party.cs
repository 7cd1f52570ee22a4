#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
// Every library that the services bring, and its licence, from the lists that publish.sh made: dotnet run deploy/third-party.cs -- FOLDER.
// Ends with 1 where a licence is missing or nobody has looked at it yet.
using System.Text.Json;

// Each permits commercial use in a closed product; more than one means: choose.
HashSet<string> known = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL", "MS-PL", "Unicode-3.0"];

var libraries = Directory.EnumerateFiles(args[0], "*.json").SelectMany(list =>
    {
        using var bom = JsonDocument.Parse(File.ReadAllText(list));
        return bom.RootElement.GetProperty("components").EnumerateArray()
            .Select(part => (Name: Text(part, "name"), Version: Text(part, "version"), Licences: Licences(part))).ToList();
    })
    .DistinctBy(library => (library.Name, library.Version))
    .OrderBy(library => library.Name, StringComparer.OrdinalIgnoreCase).ThenBy(library => library.Version, StringComparer.Ordinal).ToList();

Console.WriteLine("# Third-party software\n");
Console.WriteLine("Libraries that the services bring; .NET and ASP.NET Core themselves (MIT) come with the runtime.\n");
Console.WriteLine("| Library | Version | Licence |\n|---|---|---|");
foreach (var library in libraries)
    Console.WriteLine($"| {library.Name} | {library.Version} | {string.Join(" or ", library.Licences)} |");

var unknown = libraries.Where(library => !library.Licences.Any(known.Contains)).ToList();
foreach (var library in unknown)
    Console.Error.WriteLine($"{library.Name} {library.Version}: nobody has looked at its licence ({string.Join(", ", library.Licences)}).");
return unknown.Count == 0 ? 0 : 1;

static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

static string[] Licences(JsonElement part) => part.TryGetProperty("licenses", out var all)
    ? [.. all.EnumerateArray().Select(Licence)] : ["none named"];

static string Licence(JsonElement one) =>
    one.TryGetProperty("expression", out var expression) ? expression.GetString()!
    : one.GetProperty("license") is var licence && licence.TryGetProperty("id", out var id) ? id.GetString()!
    : Text(licence, "name");
