using System.ComponentModel.DataAnnotations;

namespace EnterprisePortal.Audit;

/// <summary>Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    /// <summary>Signs the heads of the chains. Keep it away from the database and its copies.</summary>
    [Required, MinLength(32)]
    public string SigningKey { get; set; } = "";

    /// <summary>Former keys: their signatures stay valid.</summary>
    public string[] FormerSigningKeys { get; set; } = [];

    /// <summary>The folder for the signed heads, outside the database; the same for all replicas.</summary>
    [Required]
    public string HeadsFolder { get; set; } = "";

    /// <summary>The folder for months past the retention; without it they stay in the database.</summary>
    public string? ArchiveFolder { get; set; }

    [Range(24, 1200)]
    public int RetentionMonths { get; set; } = 24;
}
