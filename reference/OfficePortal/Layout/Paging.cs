namespace EnterprisePortal.OfficePortal.Layout;

/// <summary>Long lists come in pages of a hundred.</summary>
static class Paging
{
    public const int Size = 100;

    /// <summary>The page that was asked for, from 1. Beyond the last one the list is empty.</summary>
    public static int Number(int? asked) => Math.Clamp(asked ?? 1, 1, 1000);

    public static int Skip(int page) => (page - 1) * Size;

    public static int Pages(int total) => (total + Size - 1) / Size;
}
