using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Structure;

/// <summary>What is written is read as it is written: no line goes on where nobody looks.</summary>
public class WidthTests
{
    const int Columns = 140;

    static readonly string[] Written =
        [".cs", ".razor", ".css", ".js", ".sql", ".sh", ".csproj", ".props", ".targets"];

    [Fact]
    public void No_line_is_wider_than_140_columns()
    {
        var files = Repository.All.Where(file => Written.Contains(Path.GetExtension(file))).ToList();

        Assert.All(Written, ending => Assert.Contains(files, file => file.EndsWith(ending, StringComparison.Ordinal)));
        Assert.Empty(files.SelectMany(Wide));
    }

    static IEnumerable<string> Wide(string file) =>
        from line in File.ReadLines(Repository.Path(file)).Index()
        where line.Item.Length > Columns
        select $"{file}:{line.Index + 1} has {line.Item.Length} columns";
}
