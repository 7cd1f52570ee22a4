using System.ComponentModel.DataAnnotations;

namespace EnterprisePortal.Audit;

/// <summary>Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    /// <summary>Signs the heads of the chains. It must not be where the database, or a copy of it, is.</summary>
    [Required, MinLength(32)]
    public string SigningKey { get; set; } = "";

    /// <summary>Keys of before: what they signed stays valid.</summary>
    public string[] FormerSigningKeys { get; set; } = [];

    /// <summary>Where the signed heads are kept outside of the database; the same for all replicas.</summary>
    [Required]
    public string HeadsFolder { get; set; } = "";

    /// <summary>Where months past the retention go; without it they stay in the database.</summary>
    public string? ArchiveFolder { get; set; }

    [Range(24, 1200)]
    public int RetentionMonths { get; set; } = 24;
}
