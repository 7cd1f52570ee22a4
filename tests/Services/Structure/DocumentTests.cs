using System.Text.RegularExpressions;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Structure;

/// <summary>A document that names a file, a class or a heading is followed by somebody who looks for it.</summary>
public sealed partial class DocumentTests
{
    static readonly string[] Documents = [.. Repository.All.Where(file => file.EndsWith(".md", StringComparison.Ordinal))];

    /// <summary>Decisions speak of their day: what they name may have moved since.</summary>
    static readonly string[] OfToday = [.. Documents.Where(file => !file.StartsWith("docs/adr/", StringComparison.Ordinal))];

    /// <summary>Files that a person makes.</summary>
    static readonly string[] TheirOwn = ["enterprise.json"];

    [Fact]
    public void Every_link_of_a_document_leads_somewhere() => Assert.Empty(
        from document in Documents
        from link in Link().Matches(Text(document)).Select(match => match.Groups["to"].Value)
        where !link.Contains("://", StringComparison.Ordinal) && !Leads(document, link)
        select $"{document}: {link}");

    [Fact]
    public void Every_file_and_folder_that_a_document_names_is_there() => Assert.Empty(
        from document in OfToday
        from path in Paths(Text(document)).Distinct()
        where !TheirOwn.Contains(path) && !IsThere(document, path)
        select $"{document}: {path}");

    [Fact]
    public void Every_class_and_message_that_a_document_or_its_drawing_names_is_found_in_the_code()
    {
        var code = Repository.All.Where(file => Path.GetExtension(file) is ".cs" or ".razor" or ".js" or ".csproj" or ".props").ToList();
        var known = code.SelectMany(file => Word().Matches(Text(file)).Select(match => match.Value))
            .Concat(code.Select(file => Path.GetFileNameWithoutExtension(file))).ToHashSet();

        Assert.Empty(
            from document in OfToday
            from name in Names(Text(document)).Distinct()
            where !known.Contains(name)
            select $"{document}: {name}");
    }

    static string Text(string file) => File.ReadAllText(Repository.Path(file));

    static bool Leads(string document, string link)
    {
        var (path, heading) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, null);
        var target = path.Length == 0 ? document : Normal(Folder(document), path);
        if (heading is null)
            return Exists(target);
        return Exists(target) && Heading().Matches(Text(target)).Any(match => Anchor(match.Groups["text"].Value.Trim()) == heading);
    }

    /// <summary><c>Work on one service</c> is reached as <c>#work-on-one-service</c>.</summary>
    static string Anchor(string heading) => NotInAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    static IEnumerable<string> Paths(string text) =>
        CodeOf(text).Where(code => PathLike().IsMatch(code)).Concat(SourceFile().Matches(text).Select(match => match.Value));

    /// <summary>What stands between backticks in a sentence.</summary>
    static IEnumerable<string> CodeOf(string text) => Code().Matches(Fence().Replace(text, "")).Select(match => match.Groups["text"].Value);

    /// <summary>Words of two parts or more: <c>EffectiveSet</c>. Others may be English.</summary>
    static IEnumerable<string> Names(string text) => Fence().Matches(text).Where(fence => fence.Groups["kind"].Value == "mermaid")
        .SelectMany(fence => Name().Matches(fence.Value).Select(match => match.Value))
        .Concat(CodeOf(text).Where(code => Name().Match(code).Length == code.Length));

    /// <summary>From the root, from the document's own folder, or the end of a path; a class may be named without its extension.</summary>
    static bool IsThere(string document, string path)
    {
        var named = (path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path).TrimEnd('/');
        return Exists(named) || Exists(Normal(Folder(document), named)) || Exists(named + ".cs") || Repository.All.Any(file =>
            file.EndsWith('/' + named, StringComparison.Ordinal) || file.Contains('/' + named + '/', StringComparison.Ordinal));
    }

    static bool Exists(string path) => Path.Exists(Repository.Path(path));

    static string Folder(string document) => Path.GetDirectoryName(document) ?? "";

    static string Normal(string folder, string path) =>
        Path.GetRelativePath(Repository.Root, Path.GetFullPath(Repository.Path(folder, path)));

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^```(?<kind>\w*)\n.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`(?<text>[^`\n]+)`")]
    private static partial Regex Code();

    // A folder of the top, a folder of the document, or a file of ours; never an address (/open/{code}), a pattern or a command.
    [GeneratedRegex(@"^(\./)?(?!\.data)[\w.-]+(/[\w.-]+)*(/|\.(cs|razor|md|http|sql|txt|sh|props|csproj|css|js|json))$
        |^(AppHost|gateway|services|reference|ServiceDefaults|tests|docs|deploy|\.devcontainer)/[\w./-]*$",
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex PathLike();

    [GeneratedRegex(@"(?<![\w…])([\w-]+/)*[A-Z]\w+\.(cs|razor)\b")]
    private static partial Regex SourceFile();

    [GeneratedRegex(@"\b[A-Z][a-z]+([A-Z][a-z]+)+\b")]
    private static partial Regex Name();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
