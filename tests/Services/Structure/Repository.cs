namespace EnterprisePortal.Tests.Structure;

/// <summary>The repository that the tests run in, as text.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    /// <param name="folder">From the root; what was built there is left out.</param>
    /// <param name="endings"><c>.cs</c></param>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.*", SearchOption.AllDirectories)
            .Where(file => endings.Contains(Path.GetExtension(file)))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EnterprisePortal.sln")))
                return folder.FullName;
        throw new InvalidOperationException("The tests run inside the repository.");
    }
}
