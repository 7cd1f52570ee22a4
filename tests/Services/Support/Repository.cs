namespace EnterprisePortal.Tests.Support;

/// <summary>The files from which the tests were built.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>Every file that belongs to the repository, by its path from the root, with slashes.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. from file in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
           let path = System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/')
           where !path.Split('/').Any(IsOutput)
           orderby path
           select path
    ];

    static bool IsOutput(string folder) =>
        folder is ".git" or ".data" or ".vs" or ".idea" or "bin" or "obj" or "TestResults" or "artifacts";

    /// <param name="folder">Path from the root; build output is left out.</param>
    /// <param name="endings"><c>.cs</c></param>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        All.Where(file => file.StartsWith(folder + "/", StringComparison.Ordinal) && endings.Contains(System.IO.Path.GetExtension(file)))
            .Select(file => Path(file));

    static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "EnterprisePortal.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run inside the repository.");
        return folder.FullName;
    }
}
